import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { browserMissing, serveFolder, startBrowser, watchedPage } from './browser.ts';
import { buildSite } from './build-site.ts';

const root = resolve(import.meta.dirname, '../..');
const base = '/some/where/';

/** A repository with this generator and small pages of its own: two releases, and what came after. */
function repositoryWithReleases(folder: string): void {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args]);
  const release = (tag?: string) => {
    git('add', '.');
    git('commit', '-q', '-m', tag ?? 'open');
    if (tag !== undefined) git('tag', tag);
  };
  git('init', '-q');
  const ofTheSite = [
    'site',
    'src',
    'scripts/run-command.ts',
    'scripts/compare-versions.ts',
    'package.json',
    'tsconfig.json',
  ];
  for (const path of [...ofTheSite, 'LICENSE']) {
    const filter = (from: string) => !/site\/(node_modules|dist|\.pages)$/.test(from);
    cpSync(join(root, path), join(folder, path), { recursive: true, filter });
  }
  for (const path of ['node_modules', 'site/node_modules']) symlinkSync(join(root, path), join(folder, path));
  write('.gitignore', 'node_modules\nsite/.pages\nsite/dist\n');

  write('README.md', '# The first page\n\n[shim](docs/shim.md), [licence](LICENSE), [gone](docs/nowhere.md)\n');
  write('docs/shim.md', '# The shim\n\nOf old it was called wombat.\n');
  write('docs/old-ways.md', '# Old ways\n\nForgotten.\n');
  release('v9.0.0');
  rmSync(join(folder, 'docs/old-ways.md'));
  write('docs/shim.md', '# The shim\n\nIt is called numbat.\n');
  release('v9.10.0');
  write('README.md', '# The first page\n\n[shim](docs/shim.md), [licence](LICENSE), [wait](docs/wait.md)\n');
  write('docs/shim.md', '# The shim\n\nIt is called quokka.\n');
  write('docs/wait.md', '# Waiting\n\nFor what comes.\n');
  // Long and short ones, which are not read in the order in which they are asked for.
  for (let number = 0; number < 40; number += 1)
    write(`docs/page-${number}.md`, `# Page ${number}\n\n${`Text ${number}.\n\n`.repeat((number * 37) % 300)}`);
  release();
}

/** What a site is, byte by byte. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const path of globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted())
    hash.update(path.slice(folder.length)).update(readFileSync(path));
  return hash.digest('hex');
}

describe.skipIf(browserMissing())('the versions of the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'versions-'));
  const dist = join(folder, 'site/dist');
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveFolder>>;
  let page: Page;
  let faults: string[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    repositoryWithReleases(folder);
    const { status, stdout, stderr } = buildSite(folder, base);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('site/dist/v9.10.0/: 9.10.0, 2 pages');
    served = await serveFolder(dist, base);
    browser = await startBrowser();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    ({ page, faults, close } = await watchedPage(browser, served.url));
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await close();
  });

  const open = (path: string) => page.goto(served.url + path, { waitUntil: 'networkidle' });
  const path = () => page.url().slice(served.url.length);
  const menu = () => page.locator('.VPNavBarMenu .version-menu');
  const note = () => page.locator('.version-note').textContent();
  const sentence = (text: string | null) => text?.replaceAll(/\s+/g, ' ').trim();

  it('lists them, and says which this is', async () => {
    await open('v9.0.0/docs/shim.html');
    await menu().locator('summary').click();
    expect((await menu().locator('a').allTextContents()).map(sentence)).toEqual([
      'development not released',
      '9.10.0 newest release',
      '9.0.0',
    ]);
    expect(sentence(await menu().locator('[aria-current]').textContent())).toBe('9.0.0');
    expect(await page.title()).toBe('The shim | mesh-shim 9.0.0');
  });

  it('leads to the same page of another version, by keyboard', async () => {
    await open('docs/shim.html');
    await menu().locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(path).toBe('v9.10.0/docs/shim.html');
    expect(await page.locator('.vp-doc').textContent()).toContain('numbat');
    await menu().locator('summary').click();
    await menu().getByText('development').click();
    await expect.poll(path).toBe('docs/shim.html');
    expect(await page.locator('.vp-doc').textContent()).toContain('quokka');
  });

  it('leads to the first page where a version does not have this one, and says so', async () => {
    await open('v9.0.0/docs/old-ways.html');
    expect(sentence(await note())).toContain('The newest release, 9.10.0, has no such page.');
    await menu().locator('summary').click();
    expect(sentence(await menu().locator('a').nth(0).textContent())).toBe('development not released, first page');
    await menu().locator('a').nth(0).click();
    await expect.poll(path).toBe('');
    // Within a version, a click changes the page without loading it.
    await page.locator('.vp-doc').getByText('wait').click();
    await page.locator('.vp-doc h1', { hasText: 'Waiting' }).waitFor();
    expect(path()).toBe('docs/wait.html');
    await menu().locator('summary').click();
    expect(await menu().locator('a').nth(1).getAttribute('href')).toBe(`${base}v9.10.0/`);
    await page.goBack();
    await expect.poll(path).toBe('');
    // The address changes before the page does.
    await expect.poll(() => menu().getAttribute('open')).toBeNull();
    expect(await menu().locator('a').nth(1).getAttribute('href')).toBe(`${base}v9.10.0/`);
  });

  it('closes by Escape, and by a click elsewhere', async () => {
    await open('docs/shim.html');
    for (const leave of [() => page.keyboard.press('Escape'), () => page.locator('.vp-doc h1').click()]) {
      await menu().locator('summary').click();
      expect(await menu().getAttribute('open')).not.toBeNull();
      await leave();
      await expect.poll(() => menu().getAttribute('open')).toBeNull();
    }
  });

  it('pages of what is not released or old say so, and those of the newest release do not', async () => {
    await open('docs/shim.html');
    expect(sentence(await note())).toBe(
      'This describes the development version. This page in the newest release, 9.10.0',
    );
    await page.locator('.version-note a').click();
    await page.getByText('numbat').waitFor();
    expect(path()).toBe('v9.10.0/docs/shim.html');
    expect(await page.locator('.version-note').count()).toBe(0);
    await open('v9.0.0/docs/shim.html');
    expect(sentence(await note())).toContain('This describes 9.0.0, which is not the newest release.');
    expect(await page.locator('.version-note a').getAttribute('href')).toBe(`${base}v9.10.0/docs/shim.html`);
  });

  it('the search finds what its version says', async () => {
    for (const [version, word, others] of [
      ['', 'quokka', 'wombat'],
      ['v9.0.0/', 'wombat', 'quokka'],
    ] as const) {
      await open(`${version}docs/shim.html`);
      await page.keyboard.press('Control+k');
      const found = page.locator('.VPLocalSearchBox .result');
      await page.locator('.VPLocalSearchBox input').fill(word);
      await found.first().waitFor();
      expect(await found.first().getAttribute('href')).toContain(`${base}${version}docs/shim.html`);
      await page.locator('.VPLocalSearchBox input').fill(others);
      await page.locator('.VPLocalSearchBox .no-results, .VPLocalSearchBox .title').first().waitFor();
      await expect.poll(() => found.count()).toBe(0);
    }
  });

  it('can be chosen on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open('docs/shim.html');
    await page.locator('.VPNavBarHamburger').click();
    await page.locator('.VPNavScreen .version-menu summary').click();
    await page.locator('.VPNavScreen .version-menu').getByText('9.0.0').click();
    await expect.poll(path).toBe('v9.0.0/docs/shim.html');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  it.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (colorScheme) => {
    const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width: 1280, height: 900 } });
    const own = await context.newPage();
    await own.goto(`${served.url}v9.0.0/docs/shim.html`, { waitUntil: 'networkidle' });
    await own.locator('.VPNavBarMenu .version-menu summary').click();
    await own.locator('.version-note').waitFor();
    expect(await seriousFaults(own)).toEqual([]);
    await context.close();
  });

  it('links to files lead to those of the tag, and the playground is that of the files as they are', async () => {
    const licence = (html: string) => /href="([^"]*LICENSE)"/.exec(readFileSync(join(dist, html), 'utf8'))?.[1];
    expect(licence('v9.0.0/index.html')).toMatch(/\/blob\/v9\.0\.0\/LICENSE$/);
    expect(licence('index.html')).toMatch(/\/blob\/main\/LICENSE$/);
    expect([existsSync(join(dist, 'playground.html')), existsSync(join(dist, 'v9.0.0/playground.html'))]).toEqual([
      true,
      false,
    ]);
    expect(readFileSync(join(dist, 'v9.0.0/index.html'), 'utf8')).not.toContain('playground.html');
  });

  it('is the same, built again; and built without git, it has the files alone, and says so', () => {
    const before = hashOf(dist);
    expect(buildSite(folder, base).status).toBe(0);
    expect(hashOf(dist)).toBe(before);
    rmSync(join(folder, '.git'), { recursive: true });
    const { status, stdout, stderr } = buildSite(folder, base);
    expect([status, stderr]).toEqual([0, 'the site has no other versions: git finds no clone here\n']);
    expect(stdout).toMatch(/^site\/dist\/: \d+\.\d+\.\d+, 44 pages\n$/);
    expect(existsSync(join(dist, 'v9.0.0'))).toBe(false);
    expect(readFileSync(join(dist, 'docs/shim.html'), 'utf8')).not.toContain('version-note');
  }, 600_000);
});
