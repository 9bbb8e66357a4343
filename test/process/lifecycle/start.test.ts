import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../helpers/run-shim.ts';
import { startStandInSidecar } from '../../helpers/stand-in-sidecar.ts';
import { until } from '../../helpers/until.ts';

const app = fileURLToPath(new URL('../../fixtures/lifecycle/starting.ts', import.meta.url));
const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
if (!canUnshare) process.stderr.write('SKIPPED: no PID namespaces without root\n');

describe.each([
  ['', []],
  [' as PID 1', ['unshare', '-pf', '--mount-proc', '--kill-child']],
])('SIGTERM in the start%s', (name, prefix) => {
  test.skipIf(name !== '' && !canUnshare).each(['sidecar', 'database'])(
    'ends the wait for a %s at once, and is no error',
    async (what) => {
      const sidecar = await startStandInSidecar();
      sidecar.state = 'INITIALIZING';
      const run = runCommand([process.execPath, app, what, sidecar.url], { prefix, env: { NODE_ENV: 'production' } });
      const [, port] = await run.saw(/"health":(\d+)/);
      await until('it to live', async () => (await fetch(`http://127.0.0.1:${port}/livez`)).ok);
      const child = spawnSync('pgrep', ['-P', `${run.pid}`], { encoding: 'utf8' }).stdout.trim();
      process.kill(name === '' ? run.pid : Number(child), 'SIGTERM');
      expect((await run.ended).code).toBe(0);
      expect(run.stdout().trim().split('\n').slice(1)).toEqual(['hook']);
      expect(run.stderr()).not.toMatch(/"level":50/);
    },
  );
});
