import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type Block, blocks, blocksOf } from '../helpers/page-blocks.ts';
import { type HeldBy, heldBy, heldPages, printedBelow, rows } from '../pages/rows.ts';

// The rules that a block must keep to be held by a test. What runs it is in test/pages.

const languages = ['ts', 'js', 'sh', 'yaml', 'json', 'dockerfile', 'text'];
const named = blocks.map((block) => [`${block.name} (line ${block.line})`, block] as const);
const convention = "CONTRIBUTING.md, part 'Code in documentation', says how";

/** What is wrong with a block, in words for who wrote it; undefined where nothing is. */
function faultOf(block: Block, all: readonly Block[] = blocks): string | undefined {
  const { name, page, language, info } = block;
  if (heldPages[page] !== undefined) return undefined;
  if (!languages.includes(language)) return `its fence says "${language}"; it must be one of ${languages.join(', ')}`;
  if (info !== '' && info !== 'fragment')
    return `its fence says "${info}"; behind the language only "fragment" is known`;
  const row = rows[name];
  const isPrinted = all.some((above) => printedBelow(above, all) === block);
  if (language === 'text' && heldBy(block) === undefined && !isPrinted)
    return `nothing makes what it shows: test/pages/rows.ts must name a test that does`;
  if (['ts', 'js'].includes(language) && info === 'fragment' && !row?.before && !row?.heldBy)
    return `it is a fragment: test/pages/rows.ts must say what completes it`;
  if (['ts', 'js'].includes(language) && info === '' && row?.before && !row.heldBy && !row.before.startsWith('import'))
    return 'it is completed by a row: its fence must say "fragment"';
  return undefined;
}

it.each(named)('%s can be held by a test', (_, block) => {
  expect(faultOf(block), convention).toBeUndefined();
});

it.each(Object.keys(rows))('the row for %s is of a block that there is', (name) => {
  expect(blocks.map((block) => block.name)).toContain(name);
});

it.each(Object.keys(heldPages))('%s, which a test runs as a whole, is there', (page) => {
  expect(blocks.map((block) => block.page)).toContain(page);
});

const holders: HeldBy[] = [
  ...Object.values(rows).flatMap((row) => (row.heldBy ? [row.heldBy] : [])),
  ...Object.values(heldPages),
];
it.each(holders)('%s holds what it shall: %s', (path, words) => {
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain(words);
});

it.each(named.filter(([, { language }]) => language === 'json'))('%s is JSON', (_, { code }) => {
  expect(() => JSON.parse(code)).not.toThrow();
});

// https://docs.docker.com/reference/dockerfile: the instructions, and the exec form, which is JSON.
const instructions = ['FROM', 'COPY', 'ENTRYPOINT', 'CMD', 'RUN', 'ENV', 'WORKDIR', 'USER', 'ARG', 'EXPOSE', 'LABEL'];
it.each(named.filter(([, { language }]) => language === 'dockerfile'))(
  '%s has instructions that there are',
  (_, block) => {
    for (const line of block.code.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
      const [instruction = '', ...rest] = line.split(' ');
      expect(instructions).toContain(instruction);
      if (['ENTRYPOINT', 'CMD'].includes(instruction)) expect(JSON.parse(rest.join(' '))).toBeInstanceOf(Array);
    }
    expect(/^FROM /m.test(block.code), 'a Dockerfile without FROM is a fragment').toBe(block.info !== 'fragment');
  },
);

describe('blocks are found', () => {
  const page = [
    '# Page',
    '',
    '```ts',
    'one();',
    '```',
    '## A part',
    '',
    '   ```sh fragment',
    '   two',
    '   ```',
    '',
    '```',
    '# no heading',
    '```',
  ];

  test('with their names, lines and info', () => {
    expect(blocksOf('a.md', page.join('\n'))).toEqual([
      { name: 'a.md', page: 'a.md', line: 3, language: 'ts', info: '', code: 'one();\n' },
      { name: 'a.md#a-part', page: 'a.md', line: 8, language: 'sh', info: 'fragment', code: 'two\n' },
      { name: 'a.md#a-part:2', page: 'a.md', line: 12, language: '', info: '', code: '# no heading\n' },
    ]);
  });

  test('in all pages', () => {
    expect(new Set(blocks.map((block) => block.name)).size).toBe(blocks.length);
    expect(blocks.length).toBeGreaterThan(70);
  });
});

describe('a block that no test would hold is a fault', () => {
  const block = { name: 'a.md', page: 'a.md', line: 1, language: 'ts', info: '', code: '' };
  test.each<[string, Partial<Block>, RegExp | undefined]>([
    ['a program', {}, undefined],
    ['without a language', { language: '' }, /must be one of/],
    ['of another language', { language: 'typescript' }, /must be one of/],
    ['with another word', { info: 'twoslash' }, /only "fragment" is known/],
    ['a fragment that nobody completes', { info: 'fragment' }, /what completes it/],
    ['text that nobody prints', { language: 'text' }, /name a test/],
    ['text below commands', { language: 'text', name: 'a.md:2' }, undefined],
  ])('%s', (_, more, fault) => {
    const one = { ...block, ...more };
    const all = one.name === 'a.md:2' ? [{ ...block, language: 'sh' }, one] : [one];
    if (fault === undefined) expect(faultOf(one, all)).toBeUndefined();
    else expect(faultOf(one, all)).toMatch(fault);
  });
});
