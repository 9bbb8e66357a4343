import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describeOptions, type OptionSpec, oneOf, parseOptions } from './options.ts';
import { exitClean, ToolError, type ToolIo } from './tool.ts';

/** The executables' machines, by every name that Node, Docker and uname have for them. */
const machineNames = { x64: 'x64', amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' } as const;

const optionSpecs: readonly OptionSpec[] = [
  { flag: 'arch', value: 'ARCH', summary: "the image's machine: x64 (amd64) or arm64 (aarch64); default: this one" },
  { flag: 'help', summary: 'print this' },
];

const helpText = `mesh-shim path [OPTIONS]

Prints where the static executable for Linux lies in this package, to be copied into an image.

${describeOptions(optionSpecs)}`;

/** `mesh-shim path`. @throws ToolError for a machine that there is no executable for, or a package without it */
export async function path(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('path', args, optionSpecs);
  if (values.has('help')) {
    io.stdout.write(helpText);
    return exitClean;
  }
  if (operands.length > 0) throw new ToolError(`takes no operand, got "${operands.join(' ')}"; did you mean --arch?`);
  const arch =
    machineNames[oneOf('arch', values.get('arch') ?? process.arch, Object.keys(machineNames) as MachineName[])];
  const file = join(packageRoot(), 'dist', `linux-${arch}`, 'mesh-shim');
  if (!existsSync(file)) {
    throw new ToolError(
      `${file} does not exist: this copy of the package has no executable for ${arch}; install the published package, ` +
        'or build it in a clone: npm run build:native',
    );
  }
  io.stdout.write(`${file}\n`);
  return exitClean;
}

type MachineName = keyof typeof machineNames;

/** The folder of the package's own package.json: this code may lie in it as a source, or bundled. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mesh-shim') return folder;
  }
  throw new ToolError(`the package that ${import.meta.filename} belongs to cannot be found: install mesh-shim again`);
}
