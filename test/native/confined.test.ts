import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, type Running, runCommand } from '../helpers/run-shim.ts';
import { type StandInSidecar, startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { executable, isRoot, staticApp } from './executables.ts';

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** What the kernel says of a process of the container, seen from outside: proc_pid_status(5). */
function confinementOf(pid: number): Record<string, string> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): string => status.match(new RegExp(`^${name}:[ \\t]*(.*?) *$`, 'm'))?.[1] ?? '';
  return Object.fromEntries(['Uid', 'Groups', 'CapEff', 'NoNewPrivs', 'Seccomp'].map((name) => [name, field(name)]));
}

const confined = {
  Uid: '65534\t65534\t65534\t65534',
  Groups: '',
  CapEff: '0000000000000000',
  NoNewPrivs: '1',
  Seccomp: '2',
};

describe.skipIf(!isRoot)('PID 1 under seccomp and no_new_privs, nobody in a read-only root (needs root)', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'confined-'));
    chmodSync(root, 0o755);
    copyFileSync(executable('x64'), join(root, 'mesh-shim'));
    copyFileSync(staticApp('x64'), join(root, 'app'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const container = (...command: string[]): Running => {
    const run = runCommand([
      ...['unshare', '--pid', '--fork', '--kill-child', '--mount', 'sh', '-c'],
      'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$0" "$@"',
      ...[resolve(staticApp('x64', 'confine')), root, ...command],
    ]);
    // A process that takes another user's id no longer dies with its parent.
    onTestFinished(() => {
      if (isAlive(run.pid)) for (const pid of childrenOf(run.pid)) process.kill(pid, 'SIGKILL');
    });
    return run;
  };

  /** Until its app listens, having waited for the sidecar. */
  async function startApp(sidecar: StandInSidecar, ...flags: string[]) {
    sidecar.state = 'PRE_INITIALIZING';
    const run = container('/mesh-shim', '--admin-url', sidecar.url, ...flags, '--', '/app', 'listen');
    await run.saw(/waiting for/);
    const [shim = 0] = childrenOf(run.pid);
    expect(confinementOf(shim)).toEqual(confined);
    expect(run.stdout()).toBe('');
    sidecar.state = 'LIVE';
    await run.saw(/listening/);
    return { run, shim };
  }

  it('waits, starts the app, hands signals on, and tells the sidecar to quit', async () => {
    const sidecar = await startStandInSidecar();
    const { run, shim } = await startApp(sidecar, '--quit', 'always');
    const [app = 0] = childrenOf(shim);
    expect(confinementOf(app)).toEqual(confined);
    process.kill(shim, 'SIGUSR1');
    await run.saw(/got 10\n/);
    expect(sidecar.quits()).toEqual([]);
    process.kill(shim, 'SIGTERM');
    expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
    expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit']);
  });

  it('waits, and becomes the app', async () => {
    const { run, shim: app } = await startApp(await startStandInSidecar());
    expect(childrenOf(app)).toEqual([]);
    expect(confinementOf(app)).toEqual(confined);
    process.kill(app, 'SIGTERM');
    expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
  });

  it.each([[[]], [['--supervise']]])('the filter is at work in the app, too: it may not unshare, %j', async (flags) => {
    const run = container('/mesh-shim', '--mesh', 'none', ...flags, '--', '/app', 'unshare');
    expect(await run.ended, run.stderr()).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('unshare: EPERM\n');
  });
});

it.runIf(!isRoot)('is not tested under seccomp here: that needs root', () => {});
