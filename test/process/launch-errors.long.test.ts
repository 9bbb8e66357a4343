import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { nodeBuild } from '../helpers/builds.ts';
import { launchErrors, launchFolder } from '../helpers/launch-errors.ts';
import { runShim } from '../helpers/run-shim.ts';

const modules = await fetchApps();
const inReach = launchErrors.filter(({ notOnNode }) => !notOnNode);

/** The lines of Node before the current one on which the bundle runs. 22 and 24 abort where execve fails. */
describe.each([20, 22, 24])('what the system does not start: Node %i', (major) => {
  const [, bundle = ''] = nodeBuild.command;
  const build = { ...nodeBuild, command: [join(modules, `node${major}/bin/node`), bundle] };

  describe.each(inReach)('$errno: $title', ({ code, says, make, prefix, unforeseeable }) => {
    const modes: [string, string[]][] = [
      ['becoming it', []],
      ['beside it', ['--supervise']],
    ];
    test.each(unforeseeable && major > 20 ? modes.slice(1) : modes)('%s', async (_, flags) => {
      const run = runShim(
        build,
        ['--mesh', 'none', '--log-format', 'text', ...flags, '--', make(launchFolder()), 'x'],
        {
          prefix: prefix ?? [],
        },
      );
      expect(await run.ended, run.stderr()).toEqual({ code, signal: null });
      expect(run.stderr()).toMatch(says);
      expect(run.stdout()).toBe('');
    });
  });
});
