import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { arm64Runner } from '../../helpers/arm64-runner.ts';
import { runCommand } from '../../helpers/run-shim.ts';
import { until } from '../../helpers/until.ts';
import { executable, runToEnd, staticApp } from '../executables.ts';
import { descriptorsOf } from '../resting.ts';

const runner = arm64Runner();
if (!runner) throw new Error('no qemu-aarch64-static: npm run qemu');

// What test/process does not see from outside; there this executable is one of the bodies.
describe('the arm64 executable', () => {
  // The app belongs to the kernel that runs it: an emulator hands execve on.
  const app = staticApp(process.arch === 'arm64' ? 'arm64' : 'x64');
  const report = (...flags: string[]) =>
    runToEnd([...runner, executable('arm64'), '--mesh', 'none', ...flags, '--', app, 'report']);

  it.each([[[]], [['--supervise']]])(
    'starts a static program with no signal held and no descriptor open, %j',
    (flags) => {
      const { status, stdout, stderr } = report(...flags);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const lines = stdout.toString().split('\n');
      expect(lines).toContain('mask 0');
      expect(lines.filter((line) => line.startsWith('open'))).toEqual([]);
    },
  );

  it('rests beside the app, and wakes up for a signal and for its end', async () => {
    const command = [...runner, executable('arm64'), '--mesh', 'none', '--supervise', '--', app, 'listen'];
    const run = runCommand(command);
    await run.saw(/listening/);
    // The memory is the emulator's; but at rest it waits for children and for other signals by descriptors of their own.
    const isResting = () => descriptorsOf(run.pid).filter((target) => target.includes('signalfd')).length === 3;
    for (let times = 1; times <= 2; times++) {
      await until('the shim to rest', isResting);
      process.kill(run.pid, 'SIGUSR1');
      await until('the signal', () => run.stdout().split('got 10\n').length - 1 === times);
    }
    await until('the shim to rest', isResting);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
  });
});
