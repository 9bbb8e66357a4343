import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findToolchain } from '../native/toolchain.ts';

/** Something that others wrote and that is in what users get. */
export interface ShippedPart {
  readonly name: string;
  readonly version: string;
  /** As SPDX names it. */
  readonly licence: string;
  readonly licenceText: string;
  /** A package URL. */
  readonly purl: string;
  readonly homepage: string;
}

/** What npm installs along with the package: its dependencies, and theirs. */
export function npmParts(): ShippedPart[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean; devOptional?: boolean; license?: string }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version = '', license = '' }]) => {
      const name = path.split('node_modules/').at(-1) as string;
      return {
        name,
        version,
        licence: license,
        licenceText: licenceIn(path),
        purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
        homepage: `https://www.npmjs.com/package/${name}`,
      };
    });
}

/** What is linked into the static executable, and so into the image. It is read from what the build has fetched (npm run build:native). */
export function executableParts(): ShippedPart[] {
  const toolchain = findToolchain();
  if (toolchain === undefined)
    throw new Error('the compiler and the engine are not there; npm run build:native fetches them');
  const { engine, zig } = toolchain;
  const compiler = join(zig, '..');
  const musl = join(compiler, 'lib/libc/musl');
  return [
    {
      name: 'quickjs-ng',
      version: definedIn('scripts/native/engine.txt', /^quickjs-ng==(\d+\.\d+\.\d+)/m),
      licence: 'MIT',
      licenceText: licenceIn(engine),
      purl: `pkg:github/quickjs-ng/quickjs@v${definedIn('scripts/native/engine.txt', /^quickjs-ng==(\d+\.\d+\.\d+)/m)}`,
      homepage: 'https://github.com/quickjs-ng/quickjs',
    },
    {
      name: 'musl',
      version: definedIn(join(musl, 'src/internal/version.h'), /VERSION "([\d.]+)"/),
      licence: 'MIT',
      licenceText: readFileSync(join(musl, 'COPYRIGHT'), 'utf8'),
      purl: `pkg:generic/musl@${definedIn(join(musl, 'src/internal/version.h'), /VERSION "([\d.]+)"/)}`,
      homepage: 'https://musl.libc.org',
    },
    {
      name: 'compiler-rt of Zig',
      version: definedIn('scripts/native/tools.txt', /^ziglang==([\d.]+)/m),
      licence: 'MIT',
      licenceText: licenceIn(compiler),
      purl: `pkg:generic/zig@${definedIn('scripts/native/tools.txt', /^ziglang==([\d.]+)/m)}`,
      homepage: 'https://ziglang.org',
    },
  ];
}

function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no file with its licence`);
  return readFileSync(join(folder, file), 'utf8');
}

function definedIn(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${file} has nothing that matches ${pattern}`);
  return found;
}
