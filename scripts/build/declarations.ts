import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/**
 * Writes the library's declarations: `types/` for `import`, and the same below `cjs/`, where TypeScript takes them for those
 * of CommonJS.
 *
 * @param folder that becomes dist/
 */
export function writeDeclarations(folder: string): void {
  const outDir = join(folder, 'types');
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', outDir];
  const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the declarations do not compile: tsc ended with ${status}`);
  for (const name of globSync('**/*.d.ts', { cwd: outDir })) {
    // Compilers that do not know of imports of .ts files take these.
    const text = readFileSync(join(outDir, name), 'utf8').replaceAll(/(["']\.{1,2}\/[^"'\n]*)\.ts(["'])/g, '$1.js$2');
    for (const target of [join(outDir, name), join(folder, 'cjs', 'types', name)]) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  // The preload exports nothing.
  writeFileSync(join(outDir, 'register.d.ts'), 'export {};\n');
  writeFileSync(join(folder, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}
