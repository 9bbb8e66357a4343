import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyBuiltins } from '../lazy-builtins.ts';
import { writeDeclarations } from './declarations.ts';
import { lazyNodeModules } from './lazy-node-modules.ts';
import { writeLibrary } from './library.ts';
import { manPage } from './man-page.ts';

/** Writes all of dist/ that needs no C compiler into this folder. */
export async function writeBundles(folder: string): Promise<void> {
  // tsc takes longer than all of esbuild, and is another process.
  await Promise.all([
    writeDeclarations(folder),
    writeShim(folder),
    writeRegister(folder),
    writeLifecycleRegister(folder),
    writeLibrary(folder),
    writeTools(folder),
  ]);
  mkdirSync(join(folder, 'man'));
  writeFileSync(join(folder, 'man', 'mesh-shim.1'), manPage(version));
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const shared = {
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  define: { MESH_SHIM_VERSION: JSON.stringify(version) },
} as const;

/**
 * The shim runs on any Node that an image may carry, as one file that is mounted or copied alone. CommonJS and minified,
 * because it stands before every start: Node's loader of ES modules alone would cost another 5 ms of CPU.
 */
async function writeShim(folder: string): Promise<void> {
  const outfile = join(folder, 'mesh-shim.cjs');
  await build({
    ...shared,
    entryPoints: ['shim/node/start.ts'],
    outfile,
    format: 'cjs',
    target: 'node20',
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
}

/** The preload stands before every start, too, and it is mounted alone. A module: only those can make the app wait. */
async function writeRegister(folder: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: ['shim/node/register.ts'],
    outfile: join(folder, 'register.mjs'),
    format: 'esm',
    target: 'node20',
    minify: true,
    ...lazyBuiltins,
  });
}

/** The preload of the shutdown: one file as well, which loads Node's servers only where the app does. */
async function writeLifecycleRegister(folder: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: ['src/lifecycle/preload/start.ts'],
    outfile: join(folder, 'lifecycle-register.mjs'),
    format: 'esm',
    target: 'node22',
    minify: true,
    plugins: [lazyNodeModules],
  });
}

/** The package's command, which loads the checker only where it is asked for. */
async function writeTools(outdir: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: { cli: 'bin/mesh-shim.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    target: 'node22',
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
  });
  const command = join(outdir, 'cli.mjs');
  writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`);
  chmodSync(command, 0o755);
}
