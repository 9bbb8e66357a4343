import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { isAlive, runCommand, runShim } from '../helpers/run-shim.ts';
import { until } from '../helpers/until.ts';

/** Few, for each is two or three processes; every run at a desk tries others. */
const numRuns = 12;

/** Text that a command line can hold: no NUL. What is not UTF-8 is the business of test/native/bytes.test.ts. */
const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom('', '--', '-c', '--help', '--quit', '=', '\n', '$HOME', 'a b', '*', `'"\\`),
  fc.nat(60_000).map((length) => 'x'.repeat(length)),
);

/** Names as people and Kubernetes make them, near our own and far. Node's and the C library's own would change what runs. */
const name = fc.oneof(
  fc.constantFrom(
    'A',
    'a.b',
    'MESH',
    'MESH_SHIM_DEMO_SERVICE_HOST',
    'MESH_SHIM_X_PORT_80_TCP',
    'my-var',
    'ENVOY',
    'ISTIO',
  ),
  fc
    .stringMatching(/^[A-Z_][A-Z0-9_]{3,20}$/)
    .filter((text) => !/^(NODE|LD_|MALLOC|GLIBC|MESH_SHIM|UV_|LC_|LANG|OPENSSL|SSL)/.test(text)),
);
const environment = fc.dictionary(name, word, { maxKeys: 60 });

/** How an app ends. */
const end = fc.oneof(
  fc.nat(255).map((code) => ({ script: `exit ${code}`, code })),
  fc
    .constantFrom(1, 2, 3, 6, 9, 10, 12, 13, 14, 15)
    .map((signal) => ({ script: `kill -${signal} $$`, code: 128 + signal })),
);

/** A tree of processes: each node starts its children in the background and, or not, waits for them. */
interface Tree {
  readonly waits: boolean;
  readonly children: readonly Tree[];
}
const tree = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.record({
    waits: fc.boolean(),
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('node'), { maxLength: 3 })),
  }),
})).node;
const scriptOf = ({ waits, children }: Tree): string =>
  `${children.map((child) => `(${scriptOf(child)}) & `).join('')}${waits ? 'wait; ' : ''}echo "node $(exec sh -c 'echo $PPID')"`;
const sizeOf = ({ children }: Tree): number => children.reduce((sum, child) => sum + sizeOf(child), 1);

const modes = fc.constantFrom([], ['--supervise'], ['--group'], ['--subreaper', '--group-grace', '10s']);

describe.each(builds.filter(({ emulated }) => !emulated))('whatever is started: $name', (build) => {
  test('sees its arguments and its environment', async () => {
    const property = fc.asyncProperty(
      fc.array(word, { maxLength: 40 }),
      environment,
      modes,
      async (words, env, flags) => {
        const script = 'const { argv, env } = process; process.stdout.write(JSON.stringify([argv.slice(1), env]))';
        const app = [process.execPath, '-e', script, '--', ...words];
        const bare = runCommand(app, { env });
        const wrapped = runShim(build, ['--mesh', 'none', ...flags, '--', ...app], { env });
        expect(await wrapped.ended, wrapped.stderr()).toEqual(await bare.ended);
        expect(JSON.parse(wrapped.stdout())).toEqual(JSON.parse(bare.stdout()));
      },
    );
    await fc.assert(property, { numRuns });
  });

  test('tells how it has ended', async () => {
    const property = fc.asyncProperty(end, modes, async ({ script, code }, flags) => {
      const run = runShim(build, ['--mesh', 'none', ...flags, '--', 'sh', '-c', `ulimit -c 0; ${script}`]);
      const { code: exit, signal } = await run.ended;
      // Replaced by the app, the shim is ended by the signal itself.
      expect(signal === null ? exit : code, run.stderr()).toBe(code);
      if (flags.length > 0) expect(signal).toBeNull();
    });
    await fc.assert(property, { numRuns });
  });

  test('has all its processes end, and leaves none behind with --group-grace', async () => {
    const property = fc.asyncProperty(tree, async (root) => {
      const flags = ['--mesh', 'none', '--group-grace', '30s'];
      const run = runShim(build, [...flags, '--', 'sh', '-c', `${scriptOf(root)}; exit 7`]);
      expect(await run.ended, run.stderr()).toEqual({ code: 7, signal: null });
      const pids = [...run.stdout().matchAll(/node (\d+)/g)].map(([, pid]) => Number(pid));
      // Those that nobody has waited for may have been ended before they could speak.
      expect(pids.length).toBeLessThanOrEqual(sizeOf(root));
      expect(pids.length).toBeGreaterThan(0);
      for (const pid of pids) await until(`the end of ${pid}`, () => !isAlive(pid));
    });
    await fc.assert(property, { numRuns });
  });
});
