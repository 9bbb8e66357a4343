import { describe, expect, test } from 'vitest';
import { builds, nodeBuild } from '../helpers/builds.ts';
import { type RunOptions, runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

const limited = (limit: string): RunOptions => ({ prefix: ['sh', '-c', `ulimit ${limit} && exec "$@"`, 'sh'] });

/** Neither the user's mistake nor the app's: what the shim itself needs is taken from it. */
const faults = [
  ['no descriptor for its signals', limited('-n 3'), 'cannot receive signals: signalfd: EMFILE'],
  ['no memory', limited('-v 1500'), 'out of memory'],
] as const;

const ownBuilds = builds.filter(({ name, emulated }) => name !== nodeBuild.name && !emulated);
describe.each(ownBuilds)("the shim's own fault: $name", (build) => {
  test.each(faults)('%s: 70, and the app is not started', async (_, options, message) => {
    for (const flags of [[], ['--supervise']]) {
      const { url } = await startStandInSidecar();
      const run = runShim(build, ['--admin-url', url, ...flags, '--', 'echo', 'started'], options);
      expect(await run.ended).toEqual({ code: 70, signal: null });
      expect(run.stdout()).toBe('');
      expect(run.stderr()).toMatch(/^mesh-shim: internal error, please report it: /);
      expect(run.stderr()).toContain(message);
    }
  });
});

test("the shim's own fault, node: 70, and the app is not started", async () => {
  const { url } = await startStandInSidecar();
  const [node = '', bundle = ''] = nodeBuild.command;
  const broken = "data:text/javascript,Date.now=()=>{throw new TypeError('broken')}";
  const build = { ...nodeBuild, command: [node, '--import', broken, bundle] };
  const run = runShim(build, ['--admin-url', url, '--', 'echo', 'started']);
  expect(await run.ended, run.stderr()).toEqual({ code: 70, signal: null });
  expect(run.stdout()).toBe('');
  expect(run.stderr()).toMatch(/^mesh-shim: internal error, please report it: broken$/m);
});
