import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageCommands } from '../../src/command-line/commands.ts';
import { optionTable } from '../../src/command-line/options.ts';
import { disabledVariable } from '../../src/mesh/wait/disabled.ts';
import { tableRows } from '../helpers/markdown-tables.ts';

const readme = readFileSync('README.md', 'utf8');
const rows = tableRows(readme);
const options = Object.values(optionTable);

it('tables are read cell by cell', () => {
  expect(tableRows('x\n\n| a | b |\n|---|:-:|\n| `c` \\| d | |\n|e|f|\n\ny | z')).toEqual([
    ['`c` | d', ''],
    ['e', 'f'],
  ]);
});

describe('README', () => {
  it('has a row for each command of the npm package, and for nothing else', () => {
    const named = rows.flatMap(([first = '']) => {
      const [, word] = /^`npx mesh-shim ([a-z-]+)/.exec(first) ?? [];
      return word === undefined || word.startsWith('-') ? [] : [word];
    });
    expect(named.sort()).toEqual(Object.keys(packageCommands).sort());
  });

  it('names no variable that there is not', () => {
    const known = new Set<string>([...options.map(({ env }) => env), disabledVariable]);
    // `MESH_SHIM_*` stands for all of them.
    const named = (readme + readFileSync('docs/shim.md', 'utf8')).match(/MESH_SHIM_[A-Z_]*[A-Z]/g) ?? [];
    expect(named).toContain(disabledVariable);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
