import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe calls serious or critical on a page, which must take scripts of others (`bypassCSP`). */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: source });
  // VitePress' search button shows its keys beside its name.
  const found: Violation[] = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(context: { exclude: string[] }): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run({ exclude: ['.DocSearch-Button'] })).violations;
  });
  return found
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => {
      const places = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ');
      return `${id}: ${places.slice(0, 400)}`;
    });
}
