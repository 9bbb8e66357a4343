import process from 'node:process';
import { executableFile } from './executable-file.ts';
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
  io.stdout.write(`${executableFile(arch)}\n`);
  return toolExitCodes.done.code;
}
