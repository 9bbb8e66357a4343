import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { bundledApps, expectWorking, runAlone } from '../helpers/bundled-apps.ts';
import { createPackageApp, type PackageApp } from '../helpers/package-app.ts';

const modules = await fetchApps();
const load = createRequire(join(modules, 'x.js'));

let app: PackageApp;
beforeAll(() => {
  app = createPackageApp(modules);
});
afterAll(() => app.remove());

/** Each makes one file of an app, which needs no other; returns its path. */
const bundlers: Readonly<Record<string, (entry: string, name: string) => Promise<string>>> = {
  webpack: (entry, name) => webpack(entry, name, { filename: 'app.cjs' }),
  'webpack, as a module': (entry, name) =>
    webpack(entry, name, { filename: 'app.mjs', module: true, chunkFormat: 'module' }, { outputModule: true }),
  rollup: (entry, name) => rollup(entry, name, 'cjs'),
  'rollup, as a module': (entry, name) => rollup(entry, name, 'esm'),
  ncc: async (entry, name) => {
    const folder = join(app.folder, name);
    const words = [join(modules, '@vercel/ncc/dist/ncc/cli.js'), 'build', entry, '-o', folder, '-q'];
    const { code, stdout, stderr } = await app.run(process.execPath, words);
    if (code !== 0) throw new Error(`ncc ended with ${code}: ${stdout}${stderr}`);
    return join(folder, readdirSync(folder).find((file) => /^index\.(?:mjs|js|cjs)$/.test(file)) ?? '');
  },
};

async function webpack(entry: string, name: string, output: object, experiments: object = {}): Promise<string> {
  const path = join(app.folder, name);
  // As an app is built, but for the minifier, which takes long and knows nothing of packages.
  const options = { mode: 'production', optimization: { minimize: false, splitChunks: false } };
  const config = { ...options, target: 'node22', entry, experiments, output: { path, ...output } };
  await new Promise<void>((resolve, reject) => {
    load('webpack')(config, (error: Error | null, stats: { hasErrors(): boolean; toString(what: string): string }) =>
      error || stats.hasErrors() ? reject(error ?? new Error(stats.toString('errors-only'))) : resolve(),
    );
  });
  return join(path, (output as { filename: string }).filename);
}

async function rollup(entry: string, name: string, format: 'cjs' | 'esm'): Promise<string> {
  const plugins = [
    load('@rollup/plugin-node-resolve').default({ preferBuiltins: true, exportConditions: ['node'] }),
    load('@rollup/plugin-commonjs').default(),
    load('@rollup/plugin-json').default(),
  ];
  const bundle = await load('rollup').rollup({ input: entry, plugins, onwarn() {} });
  const file = join(app.folder, name, format === 'esm' ? 'app.mjs' : 'app.cjs');
  await bundle.write({ file, format, inlineDynamicImports: true });
  return file;
}

describe.each(Object.entries(bundlers))('bundled by %s, with no package beside it', (bundler, bundle) => {
  it.each(Object.entries(bundledApps))('%s works', async (name, { source, prints }) => {
    const folder = `${bundler}-${name}`.replaceAll(/\W+/g, '-');
    expectWorking(await runAlone(app, await bundle(app.write(`${folder}.js`, source), folder)), prints);
  });
});
