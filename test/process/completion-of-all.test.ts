import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findServer } from '../../scripts/server-binary.ts';
import { commandTable, packageCommands } from '../../src/command-line/commands.ts';
import { runTool } from '../helpers/run-tool.ts';

const commands = [...Object.keys(commandTable), ...Object.keys(packageCommands)];

/** Prints for each command its name and what a shell offers for a word: `COMMAND WORD...`. */
const askFor = {
  bash: (word: string) => [
    'bash',
    '--norc',
    '-c',
    `source completion
    for command in ${commands.join(' ')}; do
      COMP_WORDS=(mesh-shim $command ${word}) COMP_CWORD=2; _mesh_shim; echo $command "\${COMPREPLY[@]}"
    done
    COMP_WORDS=(mesh-shim '') COMP_CWORD=1; _mesh_shim; echo mesh-shim "\${COMPREPLY[@]}"`,
  ],
  fish: (word: string) => [
    'fish',
    '--no-config',
    '-c',
    `source completion
    for command in ${commands.join(' ')}
      echo $command (complete -C "mesh-shim $command ${word}" | string replace -r '\\t.*' '')
    end
    echo mesh-shim (complete -C 'mesh-shim ' | string replace -r '\\t.*' '')`,
  ],
} as const;

describe.each(Object.keys(askFor) as (keyof typeof askFor)[])('%s', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  beforeAll(async () => writeFileSync(join(folder, 'completion'), (await runTool(['completion', shell])).stdout));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function offered(word: string): Map<string, string[]> {
    const [command = '', ...args] = askFor[shell](word);
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    return new Map(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => {
          const [name = '', ...words] = line.split(' ');
          return [name, words];
        }),
    );
  }

  it.skipIf(shell !== 'bash' && findServer(shell) === undefined)(
    'offers each command, and for each command the options that its help tells',
    async () => {
      const words = offered('--');
      expect(words.get('mesh-shim')?.toSorted()).toEqual([...commands, 'help', 'version'].toSorted());
      for (const command of commands) {
        const { stdout } = spawnSync(process.execPath, ['dist/cli.mjs', 'help', command], { encoding: 'utf8' });
        const told = [...stdout.matchAll(/(?:^ +(?:-\w, )?|\[)(--[a-z][a-z0-9-]*)/gm)].map(([, flag = '']) => flag);
        expect(told, command).toContain('--help');
        expect([...new Set(words.get(command)?.filter((word) => word.startsWith('--')))].toSorted(), command).toEqual(
          [...new Set(told)].toSorted(),
        );
      }
    },
  );
});
