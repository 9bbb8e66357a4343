import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { readProgramFile } from '../program-file.ts';
import { readHead } from './read-head.ts';

/** e_machine of an ELF file (elf(5)) by Node's name of the architecture. */
const elfMachines: Readonly<Record<string, number>> = {
  x64: 62,
  arm64: 183,
  ia32: 3,
  arm: 40,
  ppc64: 21,
  s390x: 22,
  riscv64: 243,
};

/** The kernel goes from a script to its interpreter, which may be a script, at most so often (BINPRM_MAX_RECURSION and one). */
const mostInterpreters = 5;

type Refusal = 'ENOEXEC' | 'ENOENT' | 'ELOOP' | 'EACCES' | 'ELIBBAD';

/**
 * How the kernel will refuse the file, as far as it can be foreseen: by the system's name of the error. Undefined: it will be taken, or
 * only the kernel knows. What cannot be read is left to it: to execute a file, reading it is not needed.
 */
export function foreseenRefusal(path: string, depth = 0): Refusal | undefined {
  if (depth > mostInterpreters) return 'ELOOP';
  const head = readHead(path);
  if (head === undefined) return undefined;
  const file = readProgramFile(head);
  switch (file.kind) {
    case 'script':
      if (file.interpreter === '') return 'ENOEXEC';
      return isExecutable(file.interpreter) ? foreseenRefusal(file.interpreter, depth + 1) : 'ENOENT';
    case 'elf': {
      const machine = elfMachines[process.arch];
      if (machine !== undefined && file.machine !== machine) return hasForeignFormats() ? undefined : 'ENOEXEC';
      if (!file.sound || statSync(path).size < file.leastSize) return 'ENOEXEC';
      return file.loader === undefined ? undefined : refusalOfLoader(file.loader);
    }
    default:
      return 'ENOEXEC';
  }
}

function refusalOfLoader(loader: string): Refusal | undefined {
  if (!existsSync(loader)) return 'ENOENT';
  if (!isExecutable(loader)) return 'EACCES';
  return readProgramFile(readHead(loader) ?? '\x7fELF').kind === 'elf' ? undefined : 'ELIBBAD';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** binfmt_misc: the kernel has been taught other formats, such as another machine's through an emulator. */
function hasForeignFormats(): boolean {
  return existsSync('/proc/sys/fs/binfmt_misc/status');
}
