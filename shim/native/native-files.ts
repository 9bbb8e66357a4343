import type { ByteString } from '../../src/mesh/ask/transport.ts';
import { errorName, isError } from './errno.ts';
import type { System } from './system.ts';

/** Flags of open(2) on Linux. */
const readOnly = 0;
const createNew = 0o1 | 0o100 | 0o200;
/** Not blocking: a pipe without a reader must not hold up the end. */
const overwrite = 0o1 | 0o1_000 | 0o4_000;

/** Of the kernel's tables, which may have more bytes than the heap, the beginning says what there is to know. */
const maxTextBytes = 256 * 1024;

/** The text of a file, of a long one the beginning. */
export function readTextFile(path: ByteString, system: System): ByteString | undefined {
  return readFile(path, system, maxTextBytes);
}

/** The bytes of a file until there are at least so many, or undefined where it cannot be read. */
export function readFile(
  path: ByteString,
  system: System,
  enough: number = Number.POSITIVE_INFINITY,
): ByteString | undefined {
  const fd = system.open(path, readOnly, 0);
  if (fd < 0) return undefined;
  let bytes = '';
  for (;;) {
    const piece = system.read(fd);
    if (isError(piece, 'EINTR')) continue;
    if (typeof piece === 'string') bytes += piece;
    if (typeof piece === 'string' && piece !== '' && bytes.length < enough) continue;
    system.close(fd);
    return typeof piece === 'number' ? undefined : bytes;
  }
}

/**
 * Puts a file in its place whole: whoever looks finds the old one or the new one. Answers the system's name for what
 * failed, or undefined.
 */
export function replaceFile(path: ByteString, bytes: ByteString, mode: number, system: System): string | undefined {
  const partial = `${path}.partial-${system.pid()}`;
  system.unlink(partial);
  const fd = system.open(partial, createNew, 0o600);
  if (fd < 0) return errorName(fd);
  const failed = writeAll(fd, bytes, system) ?? failure(system.fchmod(fd, mode)) ?? failure(system.fsync(fd));
  const closed = failure(system.close(fd));
  const error = failed ?? closed ?? failure(system.rename(partial, path));
  if (error !== undefined) system.unlink(partial);
  return error;
}

/** Replaces the content of a file that is there. */
export function overwriteFile(path: ByteString, bytes: ByteString, system: System): void {
  const fd = system.open(path, overwrite, 0);
  if (fd < 0) return;
  writeAll(fd, bytes, system);
  system.close(fd);
}

function failure(answer: number): string | undefined {
  return answer < 0 ? errorName(answer) : undefined;
}

/** Writes until all is out or the system says no; the error's name. */
export function writeAll(fd: number, bytes: ByteString, system: System): string | undefined {
  let rest = bytes;
  while (rest !== '') {
    const written = system.write(fd, rest.slice(0, 64 * 1024));
    if (isError(written, 'EINTR')) continue;
    if (written < 0) return errorName(written);
    rest = rest.slice(written);
  }
  return undefined;
}
