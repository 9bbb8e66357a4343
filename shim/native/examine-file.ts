import type { ByteString } from '../../src/mesh/ask/transport.ts';
import type { FileKind } from '../host.ts';
import { isError } from './errno.ts';
import type { System } from './system.ts';

/** File types of stat(2) on Linux. */
const typeMask = 0o170_000;
const directoryType = 0o040_000;
const regularType = 0o100_000;

/** What execve(2) would say of a file, before it is tried. */
export function examineFile(path: ByteString, system: System): FileKind {
  const mode = system.mode(path);
  if (isError(mode, 'ENOENT') || isError(mode, 'ENOTDIR')) return 'missing';
  if (isError(mode, 'ELOOP')) return 'link-loop';
  if (isError(mode, 'ENAMETOOLONG')) return 'name-too-long';
  if (mode < 0) return 'denied';
  const type = mode & typeMask;
  if (type === directoryType) return 'directory';
  if (system.canExecute(path) < 0) return 'denied';
  return type === regularType ? 'program' : 'not-executable';
}
