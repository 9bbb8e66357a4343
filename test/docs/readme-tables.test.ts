import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable, packageCommands } from '../../shim/commands.ts';
import { exitCodes } from '../../shim/exit-codes.ts';
import { optionTable } from '../../shim/options.ts';
import { scuttleVariables } from '../../shim/scuttle.ts';
import { disabledVariable } from '../../src/mesh/wait/disabled.ts';
import { codeSpans, tableRows } from '../helpers/markdown-tables.ts';

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

  it('has a row for each exit code, and for nothing else', () => {
    const codes = rows
      .map(([first = '']) => first.replaceAll('`', ''))
      .filter((first) => /^\d+(\+n)?$/.test(first))
      .map((first) => Number.parseInt(first, 10));
    const expected = Object.values(exitCodes).map(({ code }) => code as number);
    // 0, and the signals by name, may be spelled out.
    const extra = codes.filter((code) => !expected.includes(code) && code !== 0 && !(code > 128 && code < 193));
    expect(expected.filter((code) => !codes.includes(code))).toEqual([]);
    expect(extra).toEqual([]);
  });

  it("has a row for each of scuttle's variables, with the options that it becomes", () => {
    const names = Object.keys(scuttleVariables);
    const found = rows
      .map(([first = '', ...rest]) => [codeSpans(first)[0] ?? first, rest.join(' ')] as const)
      .filter(([name]) => /^[A-Z]+(_[A-Z]+)+$/.test(name) && !name.startsWith('MESH_SHIM_'));
    const scuttles = found.filter(([, meaning]) => flagsIn(meaning).length > 0);
    expect(scuttles.map(([name]) => name).sort()).toEqual([...names].sort());
    for (const [name, meaning] of scuttles) {
      const said = scuttleVariables[name as keyof typeof scuttleVariables];
      expect([name, ...flagsIn(meaning)]).toEqual([name, ...flagsIn(said)]);
    }
  });
});
