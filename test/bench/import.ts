/** What an app pays for importing the library, and for bundling it, part by part. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { libraryEntries } from '../../scripts/build/library-entries.ts';
import { median } from './measure.ts';
import { printTable } from './table.ts';

const rounds = 15;

const timed = (url: string) => `
  const startedAt = performance.now();
  await import('${url}');
  console.log(performance.now() - startedAt);`;

const loaded = (url: string) => `
  import { statSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  import { fileURLToPath } from 'node:url';
  const files = new Set();
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) files.add(fileURLToPath(url));
      return next(url, context);
    },
  });
  const builtins = process.moduleLoadList.length;
  await import('${url}');
  const bytes = [...files].reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(JSON.stringify([files.size, bytes, process.moduleLoadList.length - builtins]));`;

function printed(source: string): string {
  const words = ['--input-type=module', '-e', source];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** A module that exports nothing: what starting the loader of modules costs. */
const nothing = 'data:text/javascript,export {}';

function importRow(name: string, url: string): string[] {
  const ms = median(Array.from({ length: rounds }, () => Number(printed(timed(url)))));
  const [files, bytes, builtins] = JSON.parse(printed(loaded(url))) as number[];
  return [name, ms.toFixed(1), String(files), ((bytes ?? 0) / 1000).toFixed(0), String(builtins)];
}

const uses = [
  ['meshFetch', 'http'],
  ['waitForMesh', 'wait'],
  ['connectWithRetry', 'connect'],
  ['createHealthServer', 'health'],
  ['createLifecycle', 'lifecycle'],
  ['portProtocol', 'ports'],
  ['checkManifests', 'check'],
] as const;

async function bundleRow(name: string, part: string): Promise<string[]> {
  const contents = `import { ${name} } from './dist/esm/${part}/index.mjs';\nconsole.log(${name});`;
  const options = { bundle: true, minify: true, platform: 'node', format: 'esm', write: false } as const;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: process.cwd() }, ...options });
  const text = outputFiles.map((file) => file.text).join('');
  return [`${name} alone`, (text.length / 1000).toFixed(0)];
}

export async function run(): Promise<void> {
  const parts = Object.keys(libraryEntries).map((part): [string, string] => [
    part === 'index' ? 'mesh-shim' : `mesh-shim/${part}`,
    pathToFileURL(resolve(`dist/${part}.mjs`)).href,
  ]);
  const rows = [['an empty module', nothing] as const, ...parts].map(([name, url]) => importRow(name, url));
  printTable('Importing', ['part', 'ms', 'files', 'kB', "Node's modules"], rows);
  const bundles: string[][] = [];
  for (const [name, part] of uses) bundles.push(await bundleRow(name, part));
  printTable('Bundled and minified by esbuild', ['what is used', 'kB'], bundles);
}
