import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describeOptions, type OptionSpec, oneOf, parseOptions } from './options.ts';
import { EXIT_CLEAN, ToolError, type ToolIo } from './tool.ts';

/** The executables' machines, by every name that Node, Docker and uname have for them. */
const MACHINES = { x64: 'x64', amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' } as const;

const OPTIONS: readonly OptionSpec[] = [
  { flag: 'arch', value: 'ARCH', summary: "the image's machine: x64 (amd64) or arm64 (aarch64); default: this one" },
  { flag: 'help', summary: 'print this' },
];

const HELP = `mesh-shim path [OPTIONS]

Prints where the static executable for Linux lies in this package, to be copied into an image.

${describeOptions(OPTIONS)}`;

/** `mesh-shim path`. @throws ToolError for a machine that there is no executable for, or a package without it */
export async function path(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('path', args, OPTIONS);
  if (values.has('help')) {
    io.stdout.write(HELP);
    return EXIT_CLEAN;
  }
  if (operands.length > 0) throw new ToolError(`takes no operand, got "${operands.join(' ')}"; did you mean --arch?`);
  const arch = MACHINES[oneOf('arch', values.get('arch') ?? process.arch, Object.keys(MACHINES) as MachineName[])];
  const file = join(packageRoot(), 'dist', `linux-${arch}`, 'mesh-shim');
  if (!existsSync(file)) {
    throw new ToolError(
      `${file} does not exist: this copy of the package has no executable for ${arch}; install the published package, ` +
        'or build it in a clone: npm run build:native',
    );
  }
  io.stdout.write(`${file}\n`);
  return EXIT_CLEAN;
}

type MachineName = keyof typeof MACHINES;

/** The folder of the package's own package.json: this code may lie in it as a source, or bundled. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mesh-shim') return folder;
  }
  throw new ToolError(`the package that ${import.meta.filename} belongs to cannot be found: install mesh-shim again`);
}
