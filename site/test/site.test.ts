import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, serveFolder, startBrowser, watchedPage } from './browser.ts';
import { buildSite } from './build-site.ts';

const repository = resolve(import.meta.dirname, '../..');

describe.skipIf(browserMissing())('the site', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  describe.each(['/', '/some/where/'])('below %s', (base) => {
    let folder: string;
    let served: Awaited<ReturnType<typeof serveFolder>>;

    beforeAll(async () => {
      const { status, stderr } = buildSite(repository, base);
      expect(status, stderr).toBe(0);
      folder = mkdtempSync(join(tmpdir(), 'site-'));
      cpSync(join(repository, 'site/dist'), folder, { recursive: true });
      served = await serveFolder(folder, base);
    }, 600_000);
    afterAll(() => {
      served?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('no page has an error, and none asks another host', async () => {
      // Those of releases are made alike: once is enough.
      const isWanted = (path: string) => !path.endsWith('404.html') && (base === '/' || !/^v\d/.test(path));
      const pages = globSync('**/*.html', { cwd: folder }).filter(isWanted);
      expect(pages.length).toBeGreaterThan(80);
      const queue = pages.values();
      const tab = async (): Promise<void> => {
        const { page, faults, close } = await watchedPage(browser, served.url);
        for (const path of queue) {
          await page.goto(served.url + path, { waitUntil: 'networkidle' });
          expect(faults, path).toEqual([]);
          expect(await page.locator('h1').count(), path).toBeGreaterThan(0);
        }
        await close();
      };
      // A page waits for half a second of silence more than it works.
      await Promise.all(Array.from({ length: 6 }, tab));
    }, 600_000);

    it('the reference has all that the library exports', async () => {
      const html = readFileSync(join(folder, 'api/mesh-shim.html'), 'utf8');
      const exported = Object.keys(await import('../../src/index.ts'));
      expect(exported.length).toBeGreaterThan(40);
      const headings = [...html.matchAll(/<h3 id="(?:abstract-)?([^"]*)"/g)].map(([, id = '']) => id);
      expect(exported.filter((name) => !headings.includes(name.toLowerCase()))).toEqual([]);
    });

    it('each page has a policy that lets it ask nobody else and run nothing else', () => {
      for (const path of globSync('**/*.html', { cwd: folder })) {
        const html = readFileSync(join(folder, path), 'utf8');
        const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
        expect(policy, path).toContain("default-src 'none'");
        expect(policy, path).toContain("connect-src 'self'");
        expect(policy, path).not.toMatch(/script-src[^;]*unsafe|https?:/);
        expect(html.indexOf('Content-Security-Policy'), path).toBeLessThan(html.indexOf('<script'));
      }
    });

    it('finds a page by its words, without a server', async () => {
      const { page, faults, close } = await watchedPage(browser, served.url);
      await page.goto(served.url, { waitUntil: 'networkidle' });
      await page.keyboard.press('Control+k');
      await page.locator('.VPLocalSearchBox input').fill('quit-header-file');
      await page.locator('.VPLocalSearchBox .result').first().waitFor();
      expect(await page.locator('.VPLocalSearchBox .result').first().textContent()).toContain('shim');
      expect(faults).toEqual([]);
      await close();
    });

    it('has a dark mode that stays', async () => {
      const { page, close } = await watchedPage(browser, served.url);
      await page.goto(served.url, { waitUntil: 'networkidle' });
      const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'));
      expect(await isDark()).toBe(false);
      await page.getByRole('switch', { name: 'Switch to dark theme' }).first().click();
      await page.goto(`${served.url}docs/shim.html`, { waitUntil: 'networkidle' });
      expect(await isDark()).toBe(true);
      await close();
    });
  });
});
