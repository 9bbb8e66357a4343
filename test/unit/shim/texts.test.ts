import { afterAll, describe, expect, it, vi } from 'vitest';
import { exitCodeRows, exitCodes } from '../../../shim/exit-codes.ts';
import { signalNamed, signalNumbered } from '../../../shim/signals.ts';
import { type CommandName, commandTable } from '../../../src/command-line/commands.ts';
import { optionTable } from '../../../src/command-line/options.ts';
import { disabledVariable } from '../../../src/mesh/wait/disabled.ts';

// The build puts the version in.
vi.stubGlobal('MESH_SHIM_VERSION', '1.2.3');
afterAll(() => void vi.unstubAllGlobals());
const { helpText, versionText } = await import('../../../shim/help.ts');

it('the version is a line', () => {
  expect(versionText()).toBe('mesh-shim 1.2.3\n');
});

describe('help', () => {
  const lines = helpText().split('\n');
  const flat = helpText().replaceAll(/\s+/g, ' ');

  it('names each command, option, default, variable pattern and exit code', () => {
    for (const [name, { help }] of Object.entries(commandTable)) {
      expect(lines.some((line) => line.startsWith(`  ${name}`))).toBe(true);
      expect(flat).toContain(help);
    }
    for (const spec of Object.values(optionTable)) {
      expect(lines.some((line) => line.startsWith(`  ${spec.flag}`))).toBe(true);
      expect(flat).toContain(spec.help);
      const standard = spec.default ?? spec.defaultNote;
      if (standard !== undefined) expect(flat).toContain(`${spec.help} [${standard}]`);
    }
    for (const [code, when] of exitCodeRows()) expect(flat).toContain(` ${code} ${when}`);
    expect(flat).toContain(disabledVariable);
  });

  it('fits a terminal and needs nothing beyond ASCII', () => {
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(helpText()).toMatch(/^[\n -~]+$/);
  });

  it.each(Object.keys(commandTable) as CommandName[])('of %s names its options, and no other', (name) => {
    const text = helpText(name);
    expect(text).toMatch(new RegExp(`^Usage: mesh-shim ${name}\\b`));
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    const flags = [...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags).toEqual([
      ...commandTable[name].options.map((option) => optionTable[option].flag),
      '--help',
      '--version',
    ]);
    expect(text.includes(disabledVariable)).toBe(['run', 'wait', 'quit'].includes(name));
    expect(/^ {2}127 /m.test(text)).toBe(name === 'run');
  });

  it('is true about the variables: each is made from its flag', () => {
    for (const { flag, env } of Object.values(optionTable)) {
      expect(env).toBe(`MESH_SHIM_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`);
    }
  });
});

it('each exit code has one reason', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual([1, 64, 69, 70, 126, 127, 128]);
});

it('signals have the numbers of Linux', async () => {
  const { constants } = await import('node:os');
  for (const [name, number] of Object.entries(constants.signals)) {
    if (name === 'SIGIOT' || name === 'SIGPOLL') continue; // second names
    expect(signalNamed(name as 'SIGTERM')).toEqual({ name, number });
    expect(signalNumbered(number)).toEqual({ name, number });
  }
  expect(signalNumbered(34)).toEqual({ name: 'signal 34', number: 34 });
});
