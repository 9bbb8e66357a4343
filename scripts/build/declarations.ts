import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import process from 'node:process';
import { BuildError, runCommand } from '../run-command.ts';

const published = 'dist/types/';
const preloads = ['register.d.ts', 'lifecycle-register.d.ts'];

/**
 * Writes types/ into a folder: the declarations that package.json names, and those that they import. What is not reached from
 * there is nobody's. The same go below cjs/, where TypeScript takes them for those of CommonJS.
 *
 * @throws BuildError where something is reached that is not the library's
 */
export async function writeDeclarations(folder: string): Promise<void> {
  const all = mkdtempSync(join(tmpdir(), 'mesh-shim-types-'));
  try {
    const tsc = 'node_modules/typescript/bin/tsc';
    await runCommand(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', all], 'declarations');
    for (const path of reachedFrom(entries(), all)) {
      // Compilers that know nothing of imports of .ts files take these.
      const text = readFileSync(join(all, 'src', path), 'utf8').replaceAll(
        /(["']\.{1,2}\/[^"'\n]+)\.ts(?=["'])/g,
        '$1.js',
      );
      for (const target of [join(folder, 'types', path), join(folder, 'cjs', 'types', path)]) {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    }
  } finally {
    rmSync(all, { recursive: true });
  }
  writeFileSync(join(folder, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  // The preloads export nothing.
  for (const name of preloads) writeFileSync(join(folder, 'types', name), 'export {};\n');
}

/** By their paths in src/: every `types` below `exports`, but the preloads'. */
function entries(): string[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: unknown };
  const paths = JSON.stringify(exports).match(/(?<="types":")[^"]+/g) ?? [];
  return paths
    .map((path) => normalize(path))
    .filter((path) => path.startsWith(published) && !preloads.includes(path.slice(published.length)))
    .map((path) => path.slice(published.length));
}

function reachedFrom(first: readonly string[], all: string): Set<string> {
  const reached = new Set(first);
  // A set is gone through to its end, with what is added on the way.
  for (const path of reached) {
    const text = readFileSync(join(all, 'src', path), 'utf8');
    for (const [imported] of text.matchAll(/(?<=["'])\.{1,2}\/[^"'\n]+(?=\.[jt]s["'])/g)) {
      const target = join(dirname(path), `${imported}.d.ts`);
      if (target.startsWith('..'))
        throw new BuildError(`declarations: src/${path} of the library needs ${imported}.ts`);
      reached.add(target);
    }
  }
  return reached;
}
