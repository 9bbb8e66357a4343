import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { findServer } from '../../scripts/server-binary.ts';
import { onTerminal } from '../helpers/on-terminal.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { runTool } from '../helpers/run-tool.ts';
import { until } from '../helpers/until.ts';

const shells = {
  bash: { command: ['bash', '--norc', '-i'], source: 'source completion' },
  zsh: { command: ['zsh', '-f', '-i'], source: 'autoload -Uz compinit; compinit -D; source ./completion' },
  fish: { command: ['fish', '--no-config', '-i'], source: 'source completion' },
} as const;
type Shell = keyof typeof shells;

/** A shell on a terminal, with the completion as a user gets it, and in the place of mesh-shim a program that prints its arguments. */
async function startShell(shell: Shell) {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  const { code, stdout } = await runTool(['completion', shell]);
  expect(code).toBe(0);
  writeFileSync(join(folder, 'completion'), stdout);
  writeFileSync(join(folder, 'values.yaml'), '');
  writeFileSync(join(folder, 'mesh-shim'), '#!/bin/sh\nfor word in "$@"; do echo "<$word>"; done\necho done\n');
  chmodSync(join(folder, 'mesh-shim'), 0o755);
  const running = runCommand([...shells[shell].command], {
    prefix: onTerminal,
    cwd: folder,
    env: { HOME: folder, PATH: [folder, process.env.PATH].join(delimiter), TERM: 'xterm' },
  });
  const type = (keys: string) => running.child.stdin?.write(keys);
  type(`${shells[shell].source}; echo rea''dy\n`);
  await until('the completion', () => /^ready/m.test(running.stdout()));
  return {
    /** Types a line with its tabs, and gives the words that the program was called with. */
    async line(keys: string): Promise<string[]> {
      const before = running.stdout().length;
      type(`${keys}\n`);
      const shown = await until('the program', () => {
        const text = running.stdout().slice(before);
        return /^done/m.test(text) && text;
      });
      return [...shown.matchAll(/<([^>\r\n]*)>\r?$/gm)].map(([, word = '']) => word);
    },
    async end() {
      type('exit\n');
      await running.ended;
    },
  };
}

describe.each(Object.keys(shells) as Shell[])('%s', (shell) => {
  it.skipIf(shell !== 'bash' && findServer(shell) === undefined)(
    'completes commands, options, values and files',
    async () => {
      const { line, end } = await startShell(shell);
      expect(await line('mesh-shim stat\t')).toEqual(['status']);
      const value = (words: readonly string[]) => words.join(' ').replace('=', ' ');
      expect(value(await line('mesh-shim wait --mod\trequ\t'))).toBe('wait --mode required');
      expect(value(await line('mesh-shim --on-ti\tst\t-- true'))).toBe('--on-timeout start -- true');
      expect(value(await line('mesh-shim check --form\tsar\t'))).toBe('check --format sarif');
      expect(await line('mesh-shim check val\t')).toEqual(['check', 'values.yaml']);
      expect(await line('mesh-shim template nginx\t')).toEqual(['template', 'nginx-http11']);
      expect(await line('mesh-shim help insta\t')).toEqual(['help', 'install']);
      await end();
    },
  );
});

it.each([
  [[], 'name a shell: bash, zsh, fish'],
  [['csh'], 'unknown shell "csh"'],
  [['bash', 'zsh'], 'unexpected "zsh"; name one shell'],
])('%j is refused', async (args, message) => {
  const { code, stdout, stderr } = await runTool(['completion', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
