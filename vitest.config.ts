import { globSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { arm64Runner } from './test/helpers/arm64-runner.ts';

type Options = NonNullable<TestProjectInlineConfiguration['test']>;

const freshBuild = 'test/helpers/fresh-build.ts';
const unit = 'test/{unit,docs}/**/*.test.ts';
const emulated = 'test/native/emulated/*.test.ts';
const long = 'test/**/*.long.test.ts';

/** Those whose tests are repeated for each build of the shim. */
const testsOfBuilds = globSync('test/process/**/*.test.ts').filter((path) =>
  readFileSync(path, 'utf8').includes('each(builds)'),
);
if (testsOfBuilds.length === 0) throw new Error('no test file has each(builds): the project arm64 would be empty');

const project = (name: string, groupOrder: number, options: Options): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, sequence: { groupOrder }, ...options },
});

/** The executable of the other machine, by emulation, in the place of the builds that run here without. */
const arm64 = project('arm64', 3, {
  include: [...testsOfBuilds, emulated],
  globalSetup: freshBuild,
  env: { TESTED_BUILDS: 'arm64' },
  maxWorkers: 3,
});

/** Where nothing can run it, one line says so; in CI the project fails then. */
function canEmulate(): boolean {
  if (process.env.CI === 'true' || arm64Runner() !== undefined) return true;
  process.stderr.write('SKIPPED: project arm64: no qemu-aarch64-static (Debian: qemu-user-static)\n');
  return false;
}

/** `npm test` runs the first two; `npm run test:long` runs the others. */
export default defineConfig({
  // Examples import the package by its name.
  resolve: {
    alias: [{ find: /^mesh-shim$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) }],
  },
  test: {
    // Real processes, sockets and proxies on machines that are shared: generous, and no test waits for time to pass.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    setupFiles: ['test/helpers/fuzz-seed.ts'],
    projects: [
      // Its tests leave nothing behind, and their sources keep no state: a process of its own for each file doubles the work.
      project('unit', 0, {
        include: [unit],
        exclude: [long],
        maxWorkers: 2,
        isolate: false,
        restoreMocks: true,
        setupFiles: ['test/helpers/globals-as-found.ts'],
      }),
      project('integration', 1, {
        include: ['test/**/*.test.ts'],
        exclude: [unit, long, emulated],
        globalSetup: freshBuild,
        // They wait for processes and sockets more than they work.
        maxWorkers: 5,
        // Of a file's concurrent tests.
        maxConcurrency: 8,
      }),
      project('long', 2, { include: [long], globalSetup: freshBuild, maxWorkers: 2 }),
      ...(canEmulate() ? [arm64] : []),
    ],
  },
});
