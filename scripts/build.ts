import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const shared = {
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  define: { MESH_SHIM_VERSION: JSON.stringify(version) },
} as const;

rmSync('dist', { recursive: true, force: true });

// The shim runs on any Node that an image may carry, as one file that is mounted or copied alone.
await build({
  ...shared,
  entryPoints: ['shim/node/start.ts'],
  outfile: 'dist/mesh-shim.mjs',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/mesh-shim.mjs', 0o755);

await build({
  ...shared,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.mjs',
  format: 'esm',
  target: 'node22',
  packages: 'external',
});

// The small command lines beside the shim, and the checker as a library: the shim's own file stays free of them.
for (const [entry, name] of [
  ['src/check/cli/main.ts', 'tools'],
  ['src/check/index.ts', 'check'],
] as const) {
  await build({
    ...shared,
    entryPoints: [entry],
    outfile: `dist/${name}.mjs`,
    format: 'esm',
    target: 'node22',
    packages: 'external',
  });
}

const types = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
process.exitCode = types.status ?? 1;
