import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { makeExecutables } from '../../scripts/native/executables.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { startStandinSidecar } from './standin-sidecar.ts';

/** Where a start beside a LIVE sidecar spends its instructions, up to the exec; counted by valgrind, the same each time. */
export async function run(): Promise<void> {
  if (spawnSync('valgrind', ['--version']).error) {
    process.stderr.write('start: valgrind is not here, which counts the instructions; install it\n');
    process.exitCode = 1;
    return;
  }
  const made = await makeExecutables({ symbols: true });
  const program = made.find(({ arch }) => arch === process.arch)?.path ?? '';
  const sidecar = await startStandinSidecar(0, 'istio');
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-start-'));
  try {
    const dump = join(folder, 'callgrind.out');
    const tool = ['--tool=callgrind', '--dump-before=call_exec', `--callgrind-out-file=${dump}`, program];
    const start = ['--mode', 'required', '--admin-url', sidecar.adminUrl, '--log-level', 'silent', '--', 'true'];
    await runCommand('valgrind', [...tool, ...start], 'start');
    // The dump before the exec is the first one with a number.
    const first = `${dump}.1`;
    const total = /^(?:totals|summary): (\d+)/m.exec(readFileSync(first, 'utf8'))?.[1];
    const { stdout } = await runCommand('callgrind_annotate', [first], 'start');
    const costs = stdout.split('\n').filter((line) => /^ *[\d,]+ \(.*\) {2}/.test(line));
    process.stdout.write(`instructions of a start, up to the exec: ${total}\n${costs.slice(1, 21).join('\n')}\n`);
  } finally {
    sidecar.stop();
    rmSync(folder, { recursive: true });
  }
}
