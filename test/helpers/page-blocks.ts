import { globSync, readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface Block {
  /**
   * The page, the heading above it unless that is the page's own, and which block below that heading it is where it is not the first:
   * `docs/http.md#errors:2`.
   */
  readonly name: string;
  readonly page: string;
  readonly line: number;
  readonly language: string;
  /** What stands behind the language. */
  readonly info: string;
  /** As a reader copies it: without the indentation of a list around it. */
  readonly code: string;
}

/** The pages whose blocks are held by tests. Those of docs/rules are made, and compared as a whole. */
export const pages: readonly string[] = globSync([
  'README.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'examples/**/README.md',
])
  .filter((page) => !page.startsWith('docs/rules/'))
  .toSorted();

export const blocks: readonly Block[] = pages.flatMap((page) => blocksOf(page, readFileSync(page, 'utf8')));

/** @throws Error where a page has no such block */
export function blockNamed(name: string): Block {
  const found = blocks.find((block) => block.name === name);
  if (found === undefined) throw new Error(`no page has the block ${name}`);
  return found;
}

export function blocksOf(page: string, text: string): Block[] {
  const found: Block[] = [];
  const counts = new Map<string, number>();
  const fenced =
    /^(?<indent> *)(?<fence>`{3,})(?<language>[^\s`]*) *(?<info>[^\n`]*)\n(?<code>.*?)^ *\k<fence> *$|^(?<level>#+) (?<heading>[^\n]*)$/gms;
  let anchor = '';
  for (const { groups = {}, index } of text.matchAll(fenced)) {
    const { level, heading, indent = '', language = '', info = '', code = '' } = groups;
    if (heading !== undefined) {
      anchor = level === '#' ? '' : `#${anchorOf(heading)}`;
      continue;
    }
    const place = `${page}${anchor}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    found.push({
      name: count === 1 ? place : `${place}:${count}`,
      page,
      line: text.slice(0, index).split('\n').length,
      language,
      info: info.trim(),
      code: code.replaceAll(new RegExp(`^ {0,${indent.length}}`, 'gm'), ''),
    });
  }
  return found;
}

/** A heading as the word behind `#` that leads to it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
