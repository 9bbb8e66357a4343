import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { isAlive, runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';

const asPid1 = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const mayUnshare = spawnSync('unshare', [...asPid1.slice(1), 'true']).status === 0;
if (!mayUnshare) process.stderr.write('SKIPPED: the shim as PID 1: unshare --pid is not permitted here\n');

const ending = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const;

describe.each(builds)('signals: $name', (build) => {
  test.each(ending)('%s during the wait ends at once with %i', async (signal, code) => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'PRE_INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, '--', 'echo', 'started']);
    await run.saw(/waiting for/);
    run.child.kill(signal);
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe('');
  });

  test.each(ending)('%s while a request hangs ends at once with %i', async (signal, code) => {
    const sidecar = await startStandInSidecar();
    sidecar.answers.set('/server_info', 'hang');
    const run = runShim(build, ['--admin-url', sidecar.url, '--probe-timeout', '0', '--timeout', '0', '--', 'true']);
    await sidecar.asked(({ path }) => path === '/server_info');
    run.child.kill(signal);
    expect(await run.ended).toEqual({ code, signal: null });
  });

  test.runIf(mayUnshare).each(ending)('%s during the wait as PID 1 ends with %i', async (signal, code) => {
    const sidecar = await startStandInSidecar();
    sidecar.answers.set('/server_info', 'hang');
    const run = runShim(build, ['--admin-url', sidecar.url, '--', 'true'], { prefix: asPid1 });
    await sidecar.asked(({ path }) => path === '/server_info');
    const [pid] = spawnSync('ps', ['-o', 'pid=', '--ppid', String(run.pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
    process.kill(Number(pid), signal);
    expect(await run.ended).toEqual({ code, signal: null });
  });

  test('while supervising, each signal reaches the app exactly once', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--supervise', '--', ...signalApp()]);
    await run.saw(/ready \(pid/);
    const names = [
      'SIGHUP',
      'SIGINT',
      'SIGQUIT',
      'SIGUSR1',
      'SIGUSR2',
      'SIGALRM',
      'SIGCONT',
      'SIGURG',
      'SIGXCPU',
      'SIGVTALRM',
      'SIGWINCH',
      'SIGIO',
      'SIGPWR',
      'SIGTERM',
    ] as const;
    for (const name of names) {
      run.child.kill(name);
      await run.saw(new RegExp(`got ${name}\n`));
    }
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout().match(/got \w+/g)).toEqual(names.map((name) => `got ${name}`));
  });

  test('a patient shutdown is waited for, and the exit code is its own', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--supervise', '--', ...signalApp('patient')]);
    await run.saw(/ready \(pid/);
    run.child.kill('SIGTERM');
    await run.saw(/got SIGTERM/);
    run.child.kill('SIGUSR2');
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });

  test('an app ended by signal n is exit code 128+n', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--supervise', '--', 'sh', '-c', 'kill -KILL $$']);
    expect(await run.ended).toEqual({ code: 137, signal: null });
  });

  test('TERM around the hand-over is never lost, and nothing stays behind', async () => {
    for (let round = 0; round < 12; round++) {
      const sidecar = await startStandInSidecar();
      sidecar.state = 'INITIALIZING';
      const flags = round % 2 ? ['--supervise'] : [];
      const app = ['sh', '-c', 'echo "pid $$"; exec sleep 60'];
      const run = runShim(build, ['--admin-url', sidecar.url, ...flags, '--', ...app]);
      await run.saw(/waiting for/);
      sidecar.state = 'LIVE';
      await sidecar.asked(({ path }) => path === '/stats');
      // A different place of the hand-over each round.
      for (let turn = 0; turn < round * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      run.child.kill('SIGTERM');
      const { code, signal } = await run.ended;
      expect(signal ?? code).toSatisfy((ending) => ending === 143 || ending === 'SIGTERM');
      const pid = run.stdout().match(/pid (\d+)/)?.[1];
      if (pid) await until('the app to be gone', () => !isAlive(Number(pid)));
    }
  });
});
