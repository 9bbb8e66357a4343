import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { browserMissing, serveFolder, startBrowser, watchedPage } from './browser.ts';
import { buildSite } from './build-site.ts';
import { manifestsOf } from './manifests-of.ts';

const repository = resolve(import.meta.dirname, '../..');

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

  it('shows what is pasted, and what it cannot read, at its line', async () => {
    await paste('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\nspec: [\n');
    await page.locator('.failure').first().waitFor();
    expect(await page.locator('.failure').first().textContent()).toContain('manifests.yaml:');
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await page.locator('.failure button').first().click();
    const line = (await page.locator('.failure button').first().textContent())?.split(':').at(-1);
    await expect.poll(() => page.locator('.cm-lineNumbers .cm-activeLineGutter').textContent()).toBe(line);
  });

  it('what is proposed goes when the text changes: applying it would bring the old text back', async () => {
    await page.getByRole('button', { name: /^Fix what is certain/ }).click();
    await page.getByRole('button', { name: 'Apply', exact: true }).waitFor();
    await page.locator('.cm-content').first().click();
    await page.keyboard.insertText('# mine\n');
    await expect.poll(() => page.getByRole('button', { name: 'Apply', exact: true }).count()).toBe(0);
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

  const jobOf = (name: string) =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n`;
  const jobIn = (file: string, name: string) => ({
    name: file,
    mimeType: 'text/yaml',
    buffer: Buffer.from(jobOf(name)),
  });

  it.each([
    ['each with its name', 'b.yaml', 'b.yaml'],
    ['those of one name apart', 'a.yaml', 'a.yaml (2)'],
  ])('takes files, %s', async (_, name, shown) => {
    await page.locator('input[type=file]').setInputFiles([jobIn('a.yaml', 'one'), jobIn(name, 'two')]);
    const tabs = page.getByRole('group', { name: 'Files' }).getByRole('button');
    await expect.poll(() => tabs.allTextContents()).toEqual(['a.yaml', shown]);
    await expect
      .poll(() => page.locator('.findings .note').allTextContents())
      .toEqual(expect.arrayContaining([`${shown}:4`]));
    await tabs.nth(1).click();
    expect(await page.locator('.cm-content').first().textContent()).toContain('two');
  });

  it('shares all of it in the fragment alone', async () => {
    await paste(jobOf('shared'));
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

  it('a link that was cut is said to be, and another one is taken', async () => {
    await page.locator('#log').fill('503 UC');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.waitForURL(/#.+/);
    const url = page.url();
    await page.goto('about:blank');
    await page.goto(url.slice(0, -20));
    expect(await page.getByRole('alert').textContent()).toContain('This link was cut');
    await expect.poll(rulesShown).toContain('job-never-ends');
    // In the same tab only the fragment changes.
    await page.goto(url);
    await expect.poll(() => page.locator('#log').inputValue()).toBe('503 UC');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says where a link would be too long', async () => {
    // Nothing of it can be compressed.
    await page.locator('#log').evaluate((area: HTMLTextAreaElement) => {
      const letters = Array.from(crypto.getRandomValues(new Uint8Array(60_000)), (byte) => byte.toString(36));
      area.value = Array.from(
        { length: 20 },
        (_, index) => letters.toSorted(() => Math.random() - 0.5).join('') + index,
      ).join('\n');
      area.dispatchEvent(new Event('input'));
    });
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await expect
      .poll(() => page.getByRole('status').allTextContents())
      .toContain('This is too much for a link, even compressed: send the files.');
    expect(page.url()).not.toContain('#');
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
    expect(await seriousFaults(own)).toEqual([]);
    expect(await own.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
    await context.close();
  });
});
