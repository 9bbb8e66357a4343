import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A command that the system does not start: how it is made, and what must come of it. */
export interface LaunchError {
  /** The system's name for it. */
  readonly errno: string;
  readonly title: string;
  readonly code: 126 | 127;
  readonly says: RegExp;
  /** Makes it in this folder; answers the command. */
  readonly make: (folder: string) => string;
  /** What starts the shim, where the machine must be made narrower first. */
  readonly prefix?: readonly string[];
  /** It fails only where the app becomes a child. */
  readonly onlySupervised?: true;
  /** Only the kernel can tell: a Node that aborts where execve fails (22.15 to 24) does so. */
  readonly unforeseeable?: true;
  /** The limit that it takes would keep Node itself from starting. */
  readonly notOnNode?: true;
}

/** An empty folder, for the test. */
export function launchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-launch-'));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const program =
  (bytes: string | Buffer, mode = 0o755) =>
  (folder: string): string => {
    const path = join(folder, 'app');
    writeFileSync(path, bytes);
    chmodSync(path, mode);
    return path;
  };

/** /bin/true of this machine with one thing changed: where, and to which bytes. Its loader's header comes with it. */
const changed = (change: (bytes: Buffer, loader: LoaderPlace) => void) => (folder: string) => {
  const bytes = readFileSync('/bin/true');
  change(bytes, findLoader(bytes));
  return program(bytes)(folder);
};

interface LoaderPlace {
  /** Of its program header. */
  readonly header: number;
  readonly at: number;
  readonly size: number;
}

/** Elf64_Ehdr and Elf64_Phdr, little-endian (elf(5)). */
function findLoader(bytes: Buffer): LoaderPlace {
  const start = Number(bytes.readBigUInt64LE(32));
  for (let i = 0; i < bytes.readUInt16LE(56); i++) {
    const header = start + i * bytes.readUInt16LE(54);
    if (bytes.readUInt32LE(header) !== 3) continue;
    return { header, at: Number(bytes.readBigUInt64LE(header + 8)), size: Number(bytes.readBigUInt64LE(header + 32)) };
  }
  throw new Error('/bin/true names no loader');
}

/** The name must fit where the old one stood. */
const withLoader = (path: string) =>
  changed((bytes, { header, at, size }) => {
    if (path.length >= size) throw new Error(`${path}: longer than the loader's name`);
    bytes.fill(0, at, at + size).write(path, at);
    bytes.writeBigUInt64LE(BigInt(path.length + 1), header + 32);
  });

const interpreter = /the interpreter of its #! line, ".*", does not exist or is no program/;
const foreign = /built for another architecture, or cut off \(ENOEXEC\)/;

/** Each error that execve(2), fork(2) and pipe(2) can be made to give on a machine like this. */
export const launchErrors: readonly LaunchError[] = [
  { errno: 'ENOENT', title: 'no file', code: 127, says: /no such file/, make: (folder) => join(folder, 'none') },
  { errno: 'ENOTDIR', title: 'a file for a folder', code: 127, says: /no such file/, make: () => '/bin/sh/app' },
  {
    errno: 'ENOENT',
    title: 'a missing loader',
    code: 126,
    says: /its loader \/no\/ld\.so is missing: it was built for another C library/,
    make: withLoader('/no/ld.so'),
  },
  { errno: 'ENOENT', title: 'a missing interpreter', code: 126, says: interpreter, make: program('#!/no/sh\n') },
  { errno: 'ENOTDIR', title: 'an interpreter in a file', code: 126, says: interpreter, make: program('#!/bin/sh/x\n') },
  { errno: 'EACCES', title: 'no right', code: 126, says: /not executable \(EACCES\)/, make: program('', 0o644) },
  { errno: 'EACCES', title: 'a folder for an interpreter', code: 126, says: interpreter, make: program('#!/tmp\n') },
  {
    errno: 'EACCES',
    title: 'a loader that may not be executed',
    code: 126,
    says: /its loader \/etc\/passwd cannot be used \(EACCES\)/,
    make: withLoader('/etc/passwd'),
  },
  {
    errno: 'EISDIR',
    title: 'a folder',
    code: 126,
    says: /is a directory/,
    make(folder) {
      mkdirSync(join(folder, 'app'));
      return join(folder, 'app');
    },
  },
  {
    errno: 'ELOOP',
    title: 'a link to itself',
    code: 126,
    says: /a circle of links \(ELOOP\)/,
    make(folder) {
      symlinkSync('app', join(folder, 'app'));
      return join(folder, 'app');
    },
  },
  {
    errno: 'ELOOP',
    title: 'a script that is its own interpreter',
    code: 126,
    says: interpreter,
    make: (folder) => program(`#!${join(folder, 'app')}\n`)(folder),
  },
  {
    errno: 'ENAMETOOLONG',
    title: 'a long name',
    code: 126,
    says: /longer than the system takes \(ENAMETOOLONG\)/,
    make: (folder) => join(folder, 'x'.repeat(256)),
  },
  { errno: 'ENOEXEC', title: 'nothing', code: 126, says: /not a program that this machine can run/, make: program('') },
  {
    errno: 'ENOEXEC',
    title: 'another architecture',
    code: 126,
    says: foreign,
    make: changed((bytes) => bytes.writeUInt16LE(0xfedc, 18)),
  },
  {
    errno: 'ENOEXEC',
    title: 'a core file',
    code: 126,
    says: foreign,
    make: changed((bytes) => bytes.writeUInt16LE(4, 16)),
  },
  {
    errno: 'ENOEXEC',
    title: 'a loader without end',
    code: 126,
    says: foreign,
    make: changed((bytes, { at, size }) => bytes.writeUInt8(65, at + size - 1)),
  },
  {
    errno: 'ENOEXEC',
    title: 'a loader whose name is too long',
    code: 126,
    says: foreign,
    make: changed((bytes, { header }) => bytes.writeBigUInt64LE(5_000n, header + 32)),
  },
  {
    errno: 'ENOEXEC',
    title: 'a head and no more',
    code: 126,
    says: foreign,
    make: (folder) => program(readFileSync('/bin/true').subarray(0, 64))(folder),
  },
  {
    errno: 'ETXTBSY',
    title: 'a file that is being written',
    code: 126,
    says: /open for writing \(ETXTBSY\)/,
    make(folder) {
      const path = join(folder, 'app');
      copyFileSync('/bin/true', path);
      const file = openSync(path, 'r+');
      onTestFinished(() => closeSync(file));
      return path;
    },
    unforeseeable: true,
  },
  {
    errno: 'EPERM',
    title: 'file capabilities that the container does not have',
    code: 126,
    says: /the kernel refuses it \(EPERM\): has it file capabilities/,
    make(folder) {
      const path = join(folder, 'app');
      copyFileSync('/bin/true', path);
      execFileSync('setcap', ['cap_sys_admin+ep', path]);
      return path;
    },
    prefix: ['setpriv', '--bounding-set', '-sys_admin'],
    unforeseeable: true,
  },
  {
    errno: 'EAGAIN',
    title: 'no more processes',
    code: 126,
    says: /no process can be made \(EAGAIN\): a limit of processes is reached/,
    make: () => '/bin/true',
    // A user who has no process but this one.
    prefix: ['setpriv', '--reuid', '54321', '--clear-groups', 'prlimit', '--nproc=1'],
    onlySupervised: true,
    notOnNode: true,
  },
  {
    errno: 'EMFILE',
    title: 'no more descriptors',
    code: 126,
    says: /no file can be opened \(EMFILE\): a limit of descriptors is reached/,
    make: () => '/bin/true',
    prefix: ['prlimit', '--nofile=5'],
    onlySupervised: true,
    notOnNode: true,
  },
];
