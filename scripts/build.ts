import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { writeDeclarations } from './build/declarations.ts';
import { writeLibrary } from './build/library.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const shared = {
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  define: { MESH_SHIM_VERSION: JSON.stringify(version) },
} as const;

// The executables, which take a compiler to build, stay: see build-native.ts.
for (const made of ['mesh-shim.cjs', 'cjs', 'esm', 'chunks', 'types'])
  rmSync(`dist/${made}`, { recursive: true, force: true });

// The shim runs on any Node that an image may carry, as one file that is mounted or copied alone. CommonJS and minified,
// because it stands before every start: Node's loader of ES modules alone would cost another 5 ms of CPU.
await build({
  ...shared,
  entryPoints: ['shim/node/start.ts'],
  outfile: 'dist/mesh-shim.cjs',
  format: 'cjs',
  target: 'node20',
  minify: true,
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/mesh-shim.cjs', 0o755);

// The preload stands before every start, too, and it is mounted alone. A module: only those can make the app wait.
await build({
  ...shared,
  entryPoints: ['shim/node/register.ts'],
  outfile: 'dist/register.mjs',
  format: 'esm',
  target: 'node20',
  minify: true,
  ...lazyBuiltins,
});

await writeLibrary('dist');

// The package's command, which loads the checker only where it is asked for.
await build({
  ...shared,
  entryPoints: { cli: 'bin/mesh-shim.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  target: 'node22',
  packages: 'external',
  splitting: true,
});
writeFileSync('dist/cli.mjs', `#!/usr/bin/env node\n${readFileSync('dist/cli.mjs', 'utf8')}`);
chmodSync('dist/cli.mjs', 0o755);

writeDeclarations('dist');
