import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { isAlive, runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';

/** Starts this in the background, tells its number, and ends with 3. */
const leaving = (script: string): string[] => ['sh', '-c', `sh -c '${script}' & echo "left $!"; sleep 0.3; exit 3`];
const deaf = 'trap "" TERM; while :; do sleep 0.05; done';
const obedient = 'trap "echo told; exit" TERM; while :; do sleep 0.05; done';

describe.each(builds)('what the app leaves behind: $name', (build) => {
  test('is ended with --group-grace before the sidecar is told, and the exit code stays', async () => {
    const sidecar = await startStandInSidecar();
    const flags = ['--mesh', 'envoy', '--admin-url', sidecar.url, '--quit', 'always', '--group-grace', '30s'];
    const run = runShim(build, [...flags, '--', ...leaving(obedient)]);
    const left = Number((await run.saw(/left (\d+)/))[1]);
    expect(await run.ended, run.stderr()).toEqual({ code: 3, signal: null });
    expect(isAlive(left)).toBe(false);
    expect(run.stdout()).toContain('told');
    expect(run.stderr()).not.toContain('SIGKILL');
    expect(sidecar.quits()).toHaveLength(1);
  });

  test('is killed when it does not go in time', async () => {
    const run = runShim(build, ['--mesh', 'none', '--group-grace', '200ms', '--', ...leaving(deaf)]);
    const left = Number((await run.saw(/left (\d+)/))[1]);
    expect(await run.ended).toEqual({ code: 3, signal: null });
    await until('the end of what was left', () => !isAlive(left));
    expect(run.stderr()).toContain('they get SIGKILL');
  });

  test('is left alone without', async () => {
    const run = runShim(build, ['--mesh', 'none', '--group', '--', ...leaving(`exec >&- 2>&-; ${obedient}`)]);
    const left = Number((await run.saw(/left (\d+)/))[1]);
    expect(await run.ended).toEqual({ code: 3, signal: null });
    expect(isAlive(left)).toBe(true);
    process.kill(left, 'SIGKILL');
  });

  test.skipIf(build.emulated)(
    '--parent-death: the app is told when the shim is killed; Node says that it cannot',
    async () => {
      const run = runShim(build, ['--mesh', 'none', '--parent-death', 'TERM', '--', ...signalApp()]);
      const pid = Number((await run.saw(/ready \(pid: (\d+)/))[1]);
      run.child.kill('SIGKILL');
      if (build.name === 'node') {
        expect(run.stderr()).toContain('on Node --parent-death has no effect: use the static executable');
        process.kill(pid, 'SIGKILL');
      } else await until('the end of the app', () => !isAlive(pid));
      expect((await run.ended).signal).toBe('SIGKILL');
      expect(run.stdout().includes('SIGTERM')).toBe(build.name !== 'node');
    },
  );
});
