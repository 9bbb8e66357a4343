import { closeSync, existsSync, openSync, readSync } from 'node:fs';

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

/**
 * Whether the kernel will take the file for a program: ELF of this machine, or a script whose interpreter exists. A
 * file that cannot be read is tried: to execute it, reading is not needed.
 */
export function looksRunnable(path: string): boolean {
  const head = readHead(path);
  if (!head) return true;
  if (head.subarray(0, 2).toString('latin1') === '#!') {
    const line = head.subarray(2).toString('latin1').split('\n', 1)[0] ?? '';
    const interpreter = line.trim().split(' ', 1)[0] ?? '';
    return interpreter !== '' && existsSync(interpreter);
  }
  const isElf = head.length >= 20 && head.subarray(0, 4).toString('latin1') === '\x7fELF';
  const machine = elfMachines[process.arch];
  return isElf && (machine === undefined || head.readUInt16LE(18) === machine || hasForeignFormats());
}

/** binfmt_misc: the kernel has been taught other formats, such as another machine's through an emulator. */
function hasForeignFormats(): boolean {
  return existsSync('/proc/sys/fs/binfmt_misc/status');
}

function readHead(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(256);
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // executable but not readable
  }
}
