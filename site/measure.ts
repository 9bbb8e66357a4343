/**
 * What the site costs a reader: `npm run bench:site`, after `npm run site`. Bytes of the first page, the times until it is drawn and until it can be
 * used, and how long after the last key the playground shows the findings of 2,000 lines. It needs Chromium.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { browserMissing, serveFolder, startBrowser } from './test/browser.ts';
import { manifestsOf } from './test/manifests-of.ts';

const rounds = 7;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

if (!browserMissing()) {
  const dist = join(import.meta.dirname, 'dist');
  const served = await serveFolder(dist, '/');
  const browser = await startBrowser();
  const drawn: number[] = [];
  const usable: number[] = [];
  const paths = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('requestfinished', (request) => paths.add(new URL(request.url()).pathname));
    await page.goto(served.url, { waitUntil: 'networkidle' });
    const [first = 0, ready = 0] = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return [paint?.startTime ?? 0, navigation?.domInteractive ?? 0];
    });
    drawn.push(first);
    usable.push(ready);
    await context.close();
  }
  const bodies = [...paths].map((path) => readFileSync(join(dist, path === '/' ? 'index.html' : path)));
  const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0);
  process.stdout.write(
    `first page: ${bodies.length} requests, ${kilobytes(sum(bodies.map((body) => body.length)))}, ` +
      `${kilobytes(sum(bodies.map((body) => gzipSync(body).length)))} as gzip; ` +
      `drawn after ${median(drawn).toFixed(0)} ms, interactive after ${median(usable).toFixed(0)} ms (median of ${rounds})\n`,
  );

  const page = await browser.newPage();
  await page.goto(`${served.url}playground.html`);
  await page.locator('.findings li').first().waitFor();
  const editor = page.locator('.cm-content').first();
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(manifestsOf(2000));
  await page.locator('.findings li').nth(50).waitFor();
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    waits.push(
      await page.evaluate(
        (more) =>
          new Promise<number>((shown) => {
            const list = document.querySelector('.findings')?.parentElement as Element;
            const start = performance.now();
            const observer = new MutationObserver(() => {
              observer.disconnect();
              shown(performance.now() - start);
            });
            observer.observe(list, { childList: true, subtree: true, characterData: true, attributes: true });
            const content = document.querySelector('.cm-content') as HTMLElement;
            content.focus();
            document.execCommand('insertText', false, more);
          }),
        manifestsOf(20, `round-${round}`),
      ),
    );
    await page.waitForTimeout(500);
  }
  process.stdout.write(
    `playground, 2,000 lines: ${median(waits).toFixed(0)} ms from the last key to the findings (median of ${rounds})\n`,
  );
  await browser.close();
  served.close();
}
