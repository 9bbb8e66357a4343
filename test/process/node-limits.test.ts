import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Abilities, builds } from '../helpers/builds.ts';
import { statOf } from '../helpers/on-terminal.ts';
import { isAlive, runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';

/** What docs/shim.md, "What it does not do", says of each ability that a build may lack. */
const documented: Readonly<Record<keyof Abilities, RegExp>> = {
  keepsIgnoredSignals: /signals that were ignored \(`nohup`\) have their default effect/,
  keepsDescriptorLimit: /soft limit of open files \(RLIMIT_NOFILE\) is raised to the hard limit/,
  keepsDescriptors: /descriptors from 3 on are closed in the app/,
  bytesInArguments: /arguments and variables that are not UTF-8 do not arrive/,
  deafToNodeOptions: /`NODE_OPTIONS`.* act on the shim's own Node/,
  reapsOrphans: /orphaned processes are not reaped/,
  lendsTerminal: /with `--group` the app has a session of its own, too, and so no terminal.* Ctrl-Z does not stop it/,
  realTimeSignals: /real-time signal is not forwarded: it ends the shim alone/,
};

test.each(Object.entries(documented))('docs/shim.md tells of %s', (_, sentence) => {
  const page = readFileSync(new URL('../../docs/shim.md', import.meta.url), 'utf8');
  const section = page.split('## What it does not do')[1]?.split('\n## ')[0] ?? '';
  expect(section.replace(/\s+/g, ' ')).toMatch(sentence);
});

/** Each is measured, so that a build that gains an ability, or loses one, is noticed. */
describe.each(builds)('what a build may lack: $name', (build) => {
  const { abilities } = build;

  describe.each([
    ['replaced', []],
    ['supervised', ['--supervise']],
  ])('%s', (_, flags) => {
    const seen = async (prefix: string[], app: string[], env: Record<string, string> = {}): Promise<string> => {
      const { url } = await startStandInSidecar();
      const run = runShim(build, ['--admin-url', url, ...flags, '--', ...app], { prefix, env });
      expect(await run.ended, run.stderr()).toEqual({ code: 0, signal: null });
      return run.stdout();
    };

    test.skipIf(build.emulated)('a signal that was ignored stays ignored', async () => {
      const prefix = ['sh', '-c', 'trap "" HUP USR1; exec "$@"', 'sh'];
      const status = await seen(prefix, ['grep', 'SigIgn', '/proc/self/status']);
      const ignored = BigInt(`0x${status.split(':')[1]?.trim()}`);
      const both = (1n << 0n) | (1n << 9n);
      expect((ignored & both) === both).toBe(abilities.keepsIgnoredSignals);
    });

    test('the soft limit of open files stays', async () => {
      const prefix = ['sh', '-c', 'ulimit -S -n 200; exec "$@"', 'sh'];
      const limit = await seen(prefix, ['sh', '-c', 'ulimit -S -n']);
      expect(limit === '200\n').toBe(abilities.keepsDescriptorLimit);
    });

    test('descriptors from 3 on stay open', async () => {
      const prefix = ['sh', '-c', 'exec 3</dev/null 7</dev/null; exec "$@"', 'sh'];
      const open = await seen(prefix, ['sh', '-c', 'for fd in 3 7; do [ -e /proc/$$/fd/$fd ] && echo $fd; done; :']);
      expect(open === '3\n7\n').toBe(abilities.keepsDescriptors);
    });

    test('bytes that are not UTF-8 stay as they are', async () => {
      const prefix = ['sh', '-c', 'exec "$@" "$(printf "\\377\\376")"', 'sh'];
      const bytes = await seen(prefix, ['sh', '-c', 'printf %s "$1" | od -An -tx1', 'sh']);
      expect(bytes.trim() === 'ff fe').toBe(abilities.bytesInArguments);
    });

    test("NODE_OPTIONS is the app's alone", async () => {
      const { url } = await startStandInSidecar();
      // Node refuses to start with it; the app is no Node.
      const env = { NODE_OPTIONS: '--no-such-option-of-node' };
      const run = runShim(build, ['--admin-url', url, ...flags, '--', 'true'], { env });
      const { code } = await run.ended;
      expect(code === 0).toBe(abilities.deafToNodeOptions);
    });
  });

  test('a real-time signal reaches the app while supervising', async () => {
    const { url } = await startStandInSidecar();
    // Its handler is Python's, since Node cannot have one. Unbuffered: it may come while the line before is being written.
    const app = `
import os, signal, time
signal.signal(40, lambda *_: (os.write(1, b'got 40\\n'), os._exit(0)))
os.write(1, b'ready, pid %d\\n' % os.getpid())
while True: time.sleep(60)
`;
    const run = runShim(build, ['--admin-url', url, '--supervise', '--', 'python3', '-c', app]);
    const pid = Number((await run.saw(/ready, pid (\d+)/))[1]);
    const shimEnded = once(run.child, 'exit');
    spawnSync('kill', ['-40', String(run.pid)]);
    await shimEnded;
    // Where it is not handed on, it ends the shim alone.
    expect(isAlive(pid)).toBe(!abilities.realTimeSignals);
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await run.ended;
    expect(run.stdout().includes('got 40')).toBe(abilities.realTimeSignals);
  });

  test.skipIf(build.emulated)('orphans are adopted with --subreaper, and buried', async () => {
    const { url } = await startStandInSidecar();
    // The middle shell ends at once; its child is an orphan, and then ends as well.
    const app = ['sh', '-c', 'sh -c \'sleep 60 & echo "orphan $!"\'; exec "$@"', 'sh', ...signalApp()];
    const run = runShim(build, ['--admin-url', url, '--subreaper', '--', ...app]);
    const orphan = Number((await run.saw(/orphan (\d+)/))[1]);
    await run.saw(/ready \(pid/);
    const adopted = await until('the orphan to have a new parent', () => statOf(orphan).parent);
    process.kill(orphan, 'SIGKILL');
    if (abilities.reapsOrphans) await until('the orphan to be buried', () => !isAlive(orphan));
    expect(adopted === run.pid).toBe(abilities.reapsOrphans);
    if (!abilities.reapsOrphans) expect(run.stderr()).toMatch(/on Node orphaned processes are not reaped/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });
});
