import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeRows } from '../../shim/exit-codes.ts';
import { commandTable, packageCommands } from '../../src/command-line/commands.ts';
import { optionTable } from '../../src/command-line/options.ts';
import { scuttleVariables } from '../../src/command-line/scuttle.ts';
import { disabledVariable } from '../../src/mesh/wait/disabled.ts';
import { tableRows } from '../helpers/markdown-tables.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const rows = tableRows(readme);
const flagsIn = (text: string) => [...new Set(text.match(/--[a-z-]+/g))].sort();
const options = Object.values(optionTable);

it('tables are read cell by cell', () => {
  expect(tableRows('x\n\n| a | b |\n|---|:-:|\n| `c` \\| d | |\n|e|f|\n\ny | z')).toEqual([
    ['`c` | d', ''],
    ['e', 'f'],
  ]);
});

describe('README', () => {
  it('has a row for each option, with its variable and default, and for nothing else', () => {
    // A row may hold two options of one kind: flags and variables stand in the same order.
    const found = rows
      .filter(([first]) => first?.startsWith('`--'))
      .flatMap(([first = '', second = '']) => {
        const variables = second.match(/MESH_SHIM_[A-Z_]+/g) ?? [];
        return flagsIn(first).length === 1
          ? [`${flagsIn(first)[0]} ${variables[0]}`]
          : (first.match(/--[a-z-]+/g) ?? []).map((flag, index) => `${flag} ${variables[index]}`);
      })
      .filter((pair) => !pair.startsWith('--help') && !pair.startsWith('--version') && !pair.startsWith('--json'));
    expect(found.sort()).toEqual(options.map(({ flag, env }) => `${flag} ${env}`).sort());
  });

  it.each(options.filter((spec) => spec.default !== undefined))('says the default of $flag', (spec) => {
    const row = rows.find(([first]) => first?.startsWith('`--') && flagsIn(first).includes(spec.flag));
    const standard = spec.default ?? '';
    expect(
      row?.slice(1).some((cell) => cell.split(/[\s,`]+/).includes(standard)),
      row?.join(' | '),
    ).toBe(true);
  });

  it('has a row for each command, and for nothing else', () => {
    const named = rows.flatMap(([first = '']) => {
      const [, word] = /^`(?:npx )?mesh-shim \[?([a-z-]+)/.exec(first) ?? [];
      return word === undefined || word.startsWith('-') ? [] : [word];
    });
    expect(named.sort()).toEqual([...Object.keys(commandTable), ...Object.keys(packageCommands)].sort());
  });

  it('names no variable that there is not', () => {
    const known = new Set<string>([...options.map(({ env }) => env), disabledVariable]);
    // `MESH_SHIM_*` stands for all of them.
    const named = readme.match(/MESH_SHIM_[A-Z_]*[A-Z]/g) ?? [];
    expect(named).toContain(disabledVariable);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has the exit codes as the code has them', () => {
    const found = rows.filter(([first = '']) => /^\d+(\+n)?$/.test(first));
    expect(found).toEqual(exitCodeRows());
  });

  it("has scuttle's variables as the code has them", () => {
    const names = new RegExp(`^(${Object.keys(scuttleVariables).join('|')}|[A-Z_]*(ISTIO|ENVOY|SCUTTLE)[A-Z_]*)$`);
    expect(rows.filter(([first = '']) => names.test(first))).toEqual(Object.entries(scuttleVariables));
  });
});
