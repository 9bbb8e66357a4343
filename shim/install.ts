import { exitCodes } from './exit-codes.ts';
import type { Host, Installation } from './host.ts';

/** The preload for Node apps, which travels with the shim where both lie side by side. */
const companion = 'register.mjs';

/** Everybody may run the one and read the other, nobody change them: as in the image. */
const executableMode = 0o555;
const companionMode = 0o444;

/** `install DIR`: copies the shim itself, for images that have no `cp`: the job of an init container. */
export function installCommand(host: Host, folder: string): number {
  const { installation } = host;
  const source = installation.executable();
  const beside = source.slice(0, source.lastIndexOf('/') + 1);
  const target = folder.endsWith('/') ? folder : `${folder}/`;
  const files = [
    { from: source, to: `${target}${installation.programName}`, mode: executableMode, optional: false },
    { from: `${beside}${companion}`, to: `${target}${companion}`, mode: companionMode, optional: true },
  ];
  for (const file of files) {
    const error = copy(file, installation);
    if (error === 'left out') continue;
    host.log.write(`mesh-shim: install: ${error === undefined ? file.to : `${file.to} not written: ${error}`}\n`);
    if (error !== undefined) return exitCodes.notReady.code;
  }
  return 0;
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly mode: number;
  /** May be missing at the source. */
  readonly optional: boolean;
}

function copy({ from, to, mode, optional }: Copy, machine: Installation) {
  const bytes = machine.readBytes(from);
  if (bytes === undefined) return optional ? 'left out' : `cannot read ${from}`;
  const code = machine.replaceFile(to, bytes, mode);
  return code === undefined ? undefined : `${code}${hints[code] ?? ''}`;
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: ' (the folder does not exist)',
  ENOTDIR: ' (not a folder)',
  EACCES: ' (no permission to write there)',
  EROFS: ' (mounted read-only)',
  ENOSPC: ' (no space left)',
};
