import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keys, onTerminal, statOf } from '../helpers/on-terminal.ts';
import { isAlive, type Running, type RunOptions, runCommand } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';
import { executable, isRoot, staticApp } from './executables.ts';
import { childrenOf, descriptorsOf, isResting, memoryOf, untilResting } from './resting.ts';

const shim = executable('x64');
const listening = [staticApp('x64'), 'listen'];
const inShell = (script: string): string[] => ['sh', '-c', script];
/** Tells its number, and each TERM; ends with 7 at USR1. */
const told = 'trap "echo told" TERM; trap "exit 7" USR1; echo "it is $$"; while :; do sleep 0.02; done';

function start(args: readonly string[], options?: RunOptions): Running {
  const run = runCommand([shim, ...args], options);
  // A test that fails leaves the app, which holds the pipes.
  onTestFinished(() => {
    if (isAlive(run.pid)) for (const pid of childrenOf(run.pid)) process.kill(pid, 'SIGKILL');
  });
  return run;
}
const count = (run: Running, text: string): number => run.stdout().split(text).length - 1;

/** Beside an app that says `it is PID`, or `listening`, at rest. */
async function startResting(args: readonly string[], options?: RunOptions): Promise<Running> {
  const run = start(args, options);
  await run.saw(/listening|it is/);
  await untilResting(run.pid);
  return run;
}

describe('at rest beside the app', () => {
  it('it has at most 400 KiB, private and as its share; however often it has been awake', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...listening]);
    const first = descriptorsOf(run.pid);
    for (let times = 1; times <= 4; times++) {
      // The heap goes first: code and stack may still be there. What comes back of the code comes in pieces of 64 KiB, more or fewer by
      // where they lie in memory.
      await until('all of it to go', () => {
        const { pss, ownPages } = memoryOf(run.pid);
        return pss <= 400 && ownPages <= 400;
      });
      expect(descriptorsOf(run.pid)).toEqual(first);
      process.kill(run.pid, 'SIGUSR1');
      await until('the signal', () => count(run, 'got 10\n') === times);
      await untilResting(run.pid);
    }
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });

  it('every signal reaches the app once', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...listening]);
    const numbers = [1, 2, 3, 10, 12, 14, 16, 18, 23, 24, 26, 27, 28, 29, 30, 35, 40, 64, 15];
    for (const [index, number] of numbers.entries()) {
      process.kill(run.pid, number);
      await run.saw(new RegExp(`got ${number}\n`));
      // Each finds it in another state.
      if (index % 5 === 0) await untilResting(run.pid);
    }
    expect(await run.ended).toEqual({ code: 7, signal: null });
    expect(run.stdout().match(/got \d+/g)).toEqual(numbers.map((number) => `got ${number}`));
  });

  it('of a thousand signals at once none is lost', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...listening]);
    // The kernel makes a queue of real-time signals, and one of several others.
    for (let sent = 0; sent < 1000; sent++) process.kill(run.pid, 40);
    process.kill(run.pid, 'SIGWINCH');
    await until('all of them', () => count(run, 'got 40\n') === 1000 && count(run, 'got 28\n') === 1);
    await untilResting(run.pid);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: 7, signal: null });
    expect(count(run, 'got 40\n')).toBe(1000);
  });

  it('orphans are reaped in its sleep', async () => {
    const orphans = 'while read x; do sh -c "sleep 0.01 & exec >&- 2>&-"; echo made; done; exit 5';
    const run = await startResting(['--mesh', 'none', '--subreaper', '--', ...inShell(`echo "it is $$"; ${orphans}`)]);
    const [app = 0] = childrenOf(run.pid);
    for (let times = 1; times <= 20; times++) {
      run.child.stdin?.write('\n');
      await until('one more', () => count(run, 'made') === times);
      expect(isResting(run.pid)).toBe(true);
    }
    await until('all to be reaped', () => childrenOf(run.pid).length === 1);
    expect(childrenOf(run.pid)).toEqual([app]);
    expect(isResting(run.pid)).toBe(true);
    run.child.stdin?.end();
    expect(await run.ended).toEqual({ code: 5, signal: null });
  });

  it('an app that is killed meanwhile gives 137, and the sidecar is told, once', async () => {
    const sidecar = await startStandInSidecar();
    const env = { MESH_SHIM_ODD_THING: '1' };
    const flags = ['--admin-url', sidecar.url, '--quit', 'always'];
    const run = await startResting([...flags, '--', ...listening], { env });
    process.kill(run.pid, 'SIGUSR1');
    await run.saw(/got 10\n/);
    await untilResting(run.pid);
    process.kill(childrenOf(run.pid)[0] as number, 'SIGKILL');
    expect(await run.ended).toEqual({ code: 137, signal: null });
    expect(sidecar.quits()).toHaveLength(1);
    expect(run.stderr().match(/has no effect/g)).toHaveLength(1);
    expect(run.stderr().match(/ready after/g)).toHaveLength(1);
  });

  it('goes without, where the sidecar has said more of itself than is kept', async () => {
    const sidecar = await startStandInSidecar();
    const answer = { state: 'LIVE', node: { id: 'x'.repeat(5000) } };
    sidecar.answers.set('/server_info', { status: 200, body: JSON.stringify(answer) });
    const run = start(['--admin-url', sidecar.url, '--quit', 'always', '--', ...inShell('sleep 0.8; exit 4')]);
    expect(await run.ended, run.stderr()).toEqual({ code: 4, signal: null });
    expect(sidecar.quits()).toHaveLength(1);
  });

  it('its own file may go meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rest-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'mesh-shim');
    copyFileSync(shim, path);
    const run = runCommand([path, '--mesh', 'none', '--supervise', '--', ...listening]);
    await run.saw(/listening/);
    await untilResting(run.pid);
    writeFileSync(`${path}.new`, 'something else');
    renameSync(`${path}.new`, path);
    process.kill(run.pid, 'SIGUSR1');
    await run.saw(/got 10\n/);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
  });

  it('--parent-death holds', async () => {
    const run = await startResting(['--mesh', 'none', '--parent-death', 'TERM', '--', ...listening]);
    run.child.kill('SIGKILL');
    await run.saw(/got 15\n/);
    expect((await run.ended).signal).toBe('SIGKILL');
  });
});

describe('several things at once', () => {
  /** All of them find the shim unable to run, and are there together when it can. */
  const atOnce = async (pid: number, happen: () => void): Promise<void> => {
    process.kill(pid, 'SIGSTOP');
    await until('the shim to be stopped', () => statOf(pid).state === 'T');
    happen();
    process.kill(pid, 'SIGCONT');
  };

  it("TERM and the app's end: the group has had its TERM, and gets no second one", async () => {
    const left = `(${told}) & sleep 0.1; echo "app $$"; exec sleep 60`;
    const run = await startResting(['--mesh', 'none', '--group-grace', '300ms', '--', ...inShell(left)]);
    const app = Number((await run.saw(/app (\d+)/))[1]);
    await untilResting(run.pid);
    await atOnce(run.pid, () => {
      process.kill(run.pid, 'SIGTERM');
      process.kill(app, 'SIGKILL');
    });
    expect(await run.ended, run.stderr()).toEqual({ code: 137, signal: null });
    expect(run.stderr()).toContain('they have got SIGTERM');
    expect(count(run, 'told')).toBe(1);
  });

  it('many signals, and CONT among them', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...listening]);
    await atOnce(run.pid, () => {
      for (const number of [1, 10, 12, 28, 40, 41, 40]) process.kill(run.pid, number);
    });
    await until('all of them', () => run.stdout().match(/got /g)?.length === 8);
    expect(
      run
        .stdout()
        .match(/\d+(?=\n)/g)
        ?.toSorted(),
    ).toEqual(['1', '10', '12', '18', '28', '40', '40', '41']);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });

  it('the app ends while the engine starts', async () => {
    const round = async (index: number): Promise<void> => {
      const run = await startResting(['--mesh', 'none', '--supervise', ...flagsOf(index), '--', ...inShell(told)]);
      const app = Number((await run.saw(/it is (\d+)/))[1]);
      process.kill(run.pid, 'SIGWINCH');
      const until = performance.now() + index / 8;
      while (performance.now() < until) {}
      process.kill(app, 'SIGKILL');
      expect(await run.ended, run.stderr()).toEqual({ code: 137, signal: null });
    };
    const flagsOf = (index: number): string[] => (index % 2 ? ['--group'] : []);
    for (let group = 0; group < 4; group++) {
      await Promise.all(Array.from({ length: 8 }, (_, index) => round(group * 8 + index)));
    }
  });
});

describe('a job at a terminal', () => {
  it('with --group, Ctrl-Z stops the job and fg lets it go on, from a rest too', async () => {
    const run = runCommand(['bash', '--norc', '--noprofile', '-i'], { prefix: onTerminal, env: { PS1: '$ ' } });
    const type = (text: string): void => void run.child.stdin?.write(text);
    type(`${[shim, '--mesh', 'none', '--group', '--', ...listening].join(' ')}\n`);
    await run.saw(/listening/);
    const shell = childrenOf(run.pid)[0] as number;
    const resting = childrenOf(shell)[0] as number;
    const [app = 0] = childrenOf(resting);
    for (let times = 1; times <= 2; times++) {
      await untilResting(resting);
      expect(statOf(resting).foreground).toBe(app);
      type(keys.suspend);
      // The app handles TSTP; what stops it is this.
      await until('the key', () => count(run, 'got 20') === times);
      process.kill(app, 'SIGSTOP');
      await until('the job to be stopped', () => [resting, app].every((pid) => statOf(pid).state === 'T'));
      await until('the shell to have the terminal', () => statOf(resting).foreground === statOf(shell).group);
      type('fg\n');
      await until('the app to be told', () => count(run, 'got 18') >= times);
      await until('the terminal to be lent again', () => statOf(resting).foreground === app);
    }
    await untilResting(resting);
    process.kill(app, 'SIGTERM');
    type('exit $?\n');
    expect(await run.ended, run.stdout()).toEqual({ code: 7, signal: null });
  });
});

describe('where there is no memory for the engine', () => {
  /** Of addresses none is left: whatever asks for some fails. */
  const limit = (pid: number, bytes: string): void => {
    expect(spawnSync('prlimit', ['--pid', String(pid), `--as=${bytes}`]).status).toBe(0);
  };

  it('the exit code is the app’s all the same, and one line says why', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...inShell(told)]);
    limit(run.pid, '4096:');
    process.kill(Number((await run.saw(/it is (\d+)/))[1]), 'SIGUSR1');
    expect(await run.ended).toEqual({ code: 7, signal: null });
    expect(run.stderr().match(/mesh-shim: cannot go on beside the app.*\n/g)).toHaveLength(1);
    expect(run.stderr().trimEnd().split('\n')).toHaveLength(1);
  });

  it('nothing is lost once there is some again', async () => {
    const run = await startResting(['--mesh', 'none', '--supervise', '--', ...listening]);
    limit(run.pid, '4096:');
    process.kill(run.pid, 'SIGUSR1');
    process.kill(run.pid, 40);
    await run.saw(/cannot go on/);
    expect(run.stdout()).toBe('listening\n');
    limit(run.pid, 'unlimited:');
    await run.saw(/got 10\n/);
    await run.saw(/got 40\n/);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });
});

describe.skipIf(!isRoot)('as PID 1 (needs root, for namespaces)', () => {
  it('orphans are reaped, signals handed on, and the end is the app’s', async () => {
    const app = `${told.replace('while :;', 'while sh -c "sleep 0.01 & exec >&- 2>&-";')}`;
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
    const run = start(['--mesh', 'none', '--supervise', '--', ...inShell(app)], { prefix });
    await run.saw(/it is/);
    const [pid = 0] = childrenOf(run.pid);
    await untilResting(pid);
    process.kill(pid, 'SIGTERM');
    await run.saw(/told/);
    await untilResting(pid);
    // Those of the last moment aside.
    expect(childrenOf(pid).length).toBeLessThan(10);
    process.kill(pid, 'SIGUSR1');
    expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
    expect(isAlive(pid)).toBe(false);
  });
});
