import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../scripts/build/man-page.ts';
import { commandTable } from '../../src/command-line/commands.ts';
import { optionTable } from '../../src/command-line/options.ts';
import { tools } from '../../src/tools/run-tool.ts';
import type { OptionSpec } from '../../src/tools/tool.ts';

const page = manPage('1.2.3');
const groff = (...args: string[]) =>
  spawnSync('groff', ['-man', '-ww', '-Tascii', '-P-cbou', ...args], { input: page, encoding: 'utf8' });

it('is a file of the package', () => {
  const { man, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { man: string; version: string };
  expect(readFileSync(man, 'utf8')).toBe(manPage(version));
});

describe.skipIf(groff('-z').error !== undefined)('as groff shows it', () => {
  const { stdout, stderr } = groff();
  const shown = stdout.replaceAll(/(?<=\w)-\n\s+/g, '-').replaceAll(/\s+/g, ' ');

  it('without a warning', () => expect(stderr).toBe(''));

  it.each(Object.values(optionTable))('names $flag, its variable and what it does', ({ flag, env }) => {
    expect(shown).toContain(` ${flag} `);
    expect(shown).toContain(env);
  });

  it.each([...Object.keys(commandTable), ...Object.keys(tools)])('names mesh-shim %s', (name) => {
    expect(shown).toContain(` mesh-shim ${name} `);
  });

  it.each(Object.entries(tools))('names the options of %s', (_, { options }) => {
    for (const { flag } of options as readonly OptionSpec[]) expect(shown).toContain(` --${flag}`);
  });
});
