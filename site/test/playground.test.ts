import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserMissing, serveFolder, startBrowser, watchedPage } from './browser.ts';
import { buildSite } from './build-site.ts';
import { manifestsOf } from './manifests-of.ts';

const repository = resolve(import.meta.dirname, '../..');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(browserMissing())('the playground', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveFolder>>;
  let page: Page;
  let faults: string[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    const { status, stderr } = buildSite(repository, '/');
    expect(status, stderr).toBe(0);
    served = await serveFolder(resolve(repository, 'site/dist'), '/');
    browser = await startBrowser();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });
  beforeEach(async () => {
    ({ page, faults, close } = await watchedPage(browser, served.url));
    await page.goto(`${served.url}playground.html`);
    await page.locator('.findings li').first().waitFor();
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await close();
  });

  const paste = async (text: string) => {
    await page.locator('.cm-content').first().click();
    await page.keyboard.press('Control+a');
    await page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData('text/plain', pasted);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, text);
  };
  const rulesShown = () => page.locator('.findings li .actions a').allTextContents();

  it('shows the census and the findings of its example, at their lines', async () => {
    expect(await page.locator('.census').textContent()).toBe(
      '2 workloads: 2 with a sidecar, 0 in ambient, 0 outside the mesh',
    );
    expect(await rulesShown()).toEqual(expect.arrayContaining(['job-never-ends', 'startup-unprotected', 'probe-host']));
    expect(await page.locator('.cm-lintRange, .cm-lintPoint').count()).toBeGreaterThan(0);
  });

  it('shows what is pasted, and what it cannot read', async () => {
    await paste('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: [\n');
    await page.locator('.failure').first().waitFor();
    expect(await page.locator('.failure').first().textContent()).toContain('manifests.yaml:');
  });

  it('applies what is certain after showing it, and then there is nothing left of that kind', async () => {
    expect(await rulesShown()).toContain('probe-host');
    await page.getByRole('button', { name: /^Fix what is certain/ }).click();
    await page.locator('.diff .cm-deletedChunk, .diff .cm-changedLine').first().waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect.poll(rulesShown).not.toContain('probe-host');
    expect(await page.getByRole('button', { name: /^Fix what is certain/ }).isDisabled()).toBe(true);
  });

  it('goes to the line of a finding, by keyboard', async () => {
    const place = page.locator('.findings li button.place').last();
    const line = (await place.locator('.note').textContent())?.split(':').at(-1);
    await place.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.cm-lineNumbers .cm-activeLineGutter').textContent()).toBe(line);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('cm-content'))).toBe(true);
  });

  it('takes files, each with its name', async () => {
    const file = (name: string) => ({
      name,
      mimeType: 'text/yaml',
      buffer: Buffer.from(
        `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name.slice(0, 1)}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n`,
      ),
    });
    await page.locator('input[type=file]').setInputFiles([file('a.yaml'), file('b.yaml')]);
    expect(await page.getByRole('group', { name: 'Files' }).getByRole('button').allTextContents()).toEqual([
      'a.yaml',
      'b.yaml',
    ]);
    await expect
      .poll(() => page.locator('.findings .note').allTextContents())
      .toEqual(expect.arrayContaining(['b.yaml:4']));
  });

  it('shares all of it in the fragment alone', async () => {
    await paste(
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: shared}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n',
    );
    await page.locator('#log').fill('503 UC');
    await expect.poll(() => page.locator('.findings').textContent()).toContain('shared');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.waitForURL(/#.+/);
    const url = page.url();
    const other = await watchedPage(browser, served.url);
    await other.page.goto(url);
    await expect.poll(() => other.page.locator('.findings').textContent()).toContain('shared');
    await expect.poll(() => other.page.locator('.explained').textContent()).toContain('Sure');
    expect(other.faults).toEqual([]);
    await other.close();
  });

  it('a link that was cut shows the example', async () => {
    await page.goto('about:blank');
    await page.goto(`${served.url}playground.html#no-such-thing`);
    await expect.poll(rulesShown).toContain('job-never-ends');
  });

  it.each([
    ['a line', '503 UC', /sidecar|connection/i],
    [
      'a log',
      '[2026-11-26T10:00:00.000Z] "GET / HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure} - "-" 0 91 1 - "-" "-" "-" "a" "10.0.0.1:80" outbound|80||a - 10.0.0.2:80 10.0.0.3:1 - -\n'.repeat(
        2,
      ),
      /Seen/,
    ],
    ['what nobody knows', 'lorem ipsum', /Nothing known/],
  ])('explains %s', async (_, text, says) => {
    await page.locator('#log').fill(text);
    await expect.poll(() => page.locator('.explained').textContent()).toMatch(says);
  });

  it('stays alive with 10,000 lines: the page draws while the worker works', async () => {
    await page.evaluate(() => {
      Object.assign(window, { frames: 0 });
      const count = () => {
        (window as unknown as { drawn: number }).drawn = ((window as unknown as { drawn?: number }).drawn ?? 0) + 1;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
    });
    await paste(manifestsOf(10_000));
    await page
      .locator('.counts', { hasText: /^8\d\d objects|^9\d\d objects|^\d,?\d{3} objects/ })
      .waitFor({ timeout: 30_000 });
    const before = await page.evaluate(() => (window as unknown as { drawn: number }).drawn);
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { drawn: number }).drawn))
      .toBeGreaterThan(before + 5);
  }, 60_000);

  it.each([
    ['light', 'light', { width: 1280, height: 900 }],
    ['dark', 'dark', { width: 1280, height: 900 }],
    ['on a phone', 'light', { width: 390, height: 844 }],
  ] as const)('axe finds nothing serious, %s', async (_, colorScheme, viewport) => {
    const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport });
    const own = await context.newPage();
    await own.goto(`${served.url}playground.html`);
    await own.locator('.findings li').first().waitFor();
    await own.addScriptTag({ content: axeSource });
    // VitePress' search button shows its keys beside its name.
    const serious = await own.evaluate(async () => {
      const { violations } = await (
        window as unknown as {
          axe: {
            run(context: { exclude: string[] }): Promise<{
              violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
            }>;
          };
        }
      ).axe.run({ exclude: ['.DocSearch-Button'] });
      return violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html, failureSummary }) => `${html} ${failureSummary}`)
              .join('; ')
              .slice(0, 400)}`,
        );
    });
    expect(serious).toEqual([]);
    expect(await own.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
    await context.close();
  });
});
