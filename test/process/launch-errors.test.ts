import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { launchErrors, launchFolder } from '../helpers/launch-errors.ts';
import { runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

/** Whether this machine lets the test narrow it so. */
const mayRun = (prefix: readonly string[]): boolean =>
  prefix.length === 0 || spawnSync(prefix[0] as string, [...prefix.slice(1), 'true']).status === 0;

// Under emulation the emulator starts the app, and says itself what is wrong with it.
describe.each(builds.filter(({ emulated }) => !emulated))('what the system does not start: $name', (build) => {
  describe.each(launchErrors)('$errno: $title', ({ code, says, make, prefix = [], onlySupervised, notOnNode }) => {
    const cannot = !mayRun(prefix) || (notOnNode === true && build.name !== 'static');

    test.skipIf(cannot || onlySupervised)('becoming it', async () => {
      const command = make(launchFolder());
      const run = runShim(build, ['--mesh', 'none', '--log-format', 'text', '--', command, 'x'], { prefix });
      expect(await run.ended, run.stderr()).toEqual({ code, signal: null });
      expect(run.stderr()).toMatch(says);
      expect(run.stdout()).toBe('');
    });

    test.skipIf(cannot)('beside it: the sidecar is told', async () => {
      const command = make(launchFolder());
      const sidecar = await startStandInSidecar();
      const flags = ['--mesh', 'envoy', '--admin-url', sidecar.url, '--quit', 'always', '--log-format', 'text'];
      const run = runShim(build, [...flags, '--', command, 'x'], { prefix });
      expect(await run.ended, run.stderr()).toEqual({ code, signal: null });
      expect(run.stderr()).toMatch(says);
      expect(run.stdout()).toBe('');
      expect(sidecar.quits()).toHaveLength(1);
    });
  });
});
