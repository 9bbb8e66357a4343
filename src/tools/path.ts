import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { oneOf } from './options.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from './tool.ts';

/** The executables' machines, by every name that Node, Docker and uname have for them. */
const machineNames = { x64: 'x64', amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' } as const;

type MachineName = keyof typeof machineNames;

/** `mesh-shim path`. */
export const path: Tool = {
  operands: '',
  about: ['Prints the path of the static executable for Linux in this package, to be copied into an image.'],
  options: [
    {
      flag: 'arch',
      value: 'ARCH',
      default: 'of this machine',
      text: 'architecture of the image: x64 (amd64, x86_64) or arm64 (aarch64)',
    },
  ],
  exitCodes: ['done', 'notDone', 'internal'],
  run: printPath,
};

async function printPath({ operands, values }: GivenOptions, io: ToolIo): Promise<number> {
  if (operands[0] !== undefined) {
    throw new ToolError(`unexpected ${JSON.stringify(operands[0])}; name the architecture with --arch`);
  }
  const known = Object.keys(machineNames) as MachineName[];
  const arch = machineNames[oneOf('architecture', values.get('arch') ?? process.arch, known, { where: '--arch' })];
  const file = join(packageRoot(), 'dist', `linux-${arch}`, 'mesh-shim');
  if (!existsSync(file)) {
    throw new ToolError(
      `${file} does not exist: this copy of the package has no executable for ${arch}; install the published package, ` +
        'or build it in a clone: npm run build:native',
    );
  }
  io.stdout.write(`${file}\n`);
  return toolExitCodes.done.code;
}

/** The folder of the package's own package.json: this code may lie in it as a source, or bundled. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mesh-shim') return folder;
  }
  throw new ToolError(`${import.meta.filename} is outside the package mesh-shim; install the package again`);
}
