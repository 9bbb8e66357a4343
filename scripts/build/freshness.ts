import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Something that is built, and all that its bytes depend on. */
export interface Product {
  readonly name: string;
  /** Patterns of files. */
  readonly inputs: readonly string[];
}

const everyProduct = ['src/**', 'shim/**', 'package.json', 'package-lock.json'];

/** What esbuild and tsc make. */
export const bundles: Product = {
  name: 'bundles',
  inputs: [
    ...everyProduct,
    'bin/**',
    'tsconfig*.json',
    'scripts/build.ts',
    'scripts/build/**',
    'scripts/lazy-builtins.ts',
    'CHANGELOG.md',
  ],
};

/** The static executables. */
export const executables: Product = {
  name: 'executables',
  inputs: [...everyProduct, 'scripts/build-native.ts', 'scripts/native/**'],
};

/** What was built, from what: by path, the hash of each file. Kept outside of dist/, which is published. */
interface BuildRecord {
  readonly inputs: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const recordPath = ({ name }: Product): string => `.cache/built/${name}.json`;
const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** By contents: a checkout of another branch and back leaves other times, but the same files. */
export function inputsHash({ inputs }: Product): string {
  const paths = globSync(inputs)
    .filter((path) => statSync(path).isFile())
    .toSorted();
  return hashOf(paths.map((path) => `${path} ${hashOf(readFileSync(path))}\n`).join(''));
}

/** Whether what lies there was built from the sources as they are now, and nobody has touched it since. */
export function isFresh(product: Product): boolean {
  if (!existsSync(recordPath(product))) return false;
  const { inputs, outputs } = JSON.parse(readFileSync(recordPath(product), 'utf8')) as BuildRecord;
  const untouched = Object.entries(outputs).every(
    ([path, hash]) => existsSync(path) && hashOf(readFileSync(path)) === hash,
  );
  return untouched && inputs === inputsHash(product);
}

/**
 * @param inputs the hash from before the build: a file that was edited meanwhile is not what was built
 */
export function recordBuild(product: Product, inputs: string, outputs: readonly string[]): void {
  const record: BuildRecord = {
    inputs,
    outputs: Object.fromEntries(outputs.map((path) => [path, hashOf(readFileSync(path))])),
  };
  mkdirSync(dirname(recordPath(product)), { recursive: true });
  writeFileSync(recordPath(product), `${JSON.stringify(record, undefined, 2)}\n`);
}
