import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { arm64Runner } from '../../helpers/arm64-runner.ts';
import { executable, runToEnd, staticApp } from '../executables.ts';

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
});
