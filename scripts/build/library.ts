import { copyFileSync, cpSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile, type Plugin, transform } from 'esbuild';
import { lazyNodeModules } from './lazy-node-modules.ts';
import { libraryEntries } from './library-entries.ts';

const library = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  packages: 'external',
  logLevel: 'warning',
} as const;

/**
 * Writes the library, in the two forms that its users load:
 *
 * - `cjs/`: CommonJS, which Node loads for `require` and, through one file of names a part, for `import`. So an app that
 *   does both, itself or in two of its packages, has one library: its errors are instances of one class, its waits are shared.
 * - `esm/`: each source as a module of its own, for bundlers alone, which leave out what is not used.
 *
 * @param folder that becomes dist/
 */
export async function writeLibrary(folder: string): Promise<void> {
  const thread = workerCode(await bundleWorker());
  const { inputs, outputs } = await writeCommonJs(join(folder, 'cjs'), thread);
  for (const [entry, source] of Object.entries(libraryEntries)) {
    const exported = Object.values(outputs).find(({ entryPoint }) => entryPoint === source)?.exports ?? [];
    writeFileSync(join(folder, `${entry}.mjs`), `export { ${exported.join(', ')} } from './cjs/${entry}.cjs';\n`);
  }
  await writeModules(
    join(folder, 'esm'),
    Object.keys(inputs).filter((path) => path.startsWith('src/')),
    thread,
  );
}

/** What parts share is in files beside. What `require`s a package as it runs is CommonJS already, and stays a file of its own. */
async function writeCommonJs(outdir: string, thread: Plugin): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    ...library,
    write: false,
    metafile: true,
    entryPoints: libraryEntries,
    outdir,
    outExtension: { '.js': '.cjs' },
    splitting: true,
    plugins: [thread, commonJsBeside, lazyNodeModules],
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, text } of outputFiles) writeFileSync(path, await asCommonJs(text));
  for (const source of commonJsSources()) copyFileSync(source, join(outdir, basename(source)));
  return metafile;
}

/** esbuild shares parts between ES modules only. Some test runners have no `import()` in CommonJS. */
async function asCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    supported: { 'dynamic-import': false },
    banner: '"use strict";',
  });
  return code;
}

async function writeModules(outdir: string, sources: string[], thread: Plugin): Promise<void> {
  await build({
    ...library,
    entryPoints: sources,
    outbase: 'src',
    outdir,
    outExtension: { '.js': '.mjs' },
    plugins: [thread, eachApart],
  });
  for (const source of commonJsSources()) cpSync(source, join(outdir, source.slice('src/'.length)));
}

const commonJsSources = () => globSync('src/**/*.cjs');

const commonJsBeside: Plugin = {
  name: 'commonjs-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\.cjs$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));
  },
};

const eachApart: Plugin = {
  name: 'each-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.mjs'), external: true },
    );
  },
};

/** The thread of the health server, as a script. */
async function bundleWorker(): Promise<string> {
  const entryPoints = ['src/health/worker.ts'];
  const { outputFiles } = await build({ ...library, write: false, entryPoints, format: 'cjs', minify: true });
  return outputFiles.map(({ text }) => text).join('');
}

/** Puts the code of the thread where the sources name its file: a bundle of an app has no files beside it. */
function workerCode(code: string): Plugin {
  const program = { source: code, options: { eval: true } };
  return {
    name: 'worker-code',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/health\/worker-program\.ts$/ }, () => ({
        contents: `export const workerProgram = () => (${JSON.stringify(program)});\n`,
      }));
    },
  };
}
