import { closeSync, openSync, readSync } from 'node:fs';

/** Of the kernel's tables, which may have megabytes, the beginning says what there is to know. */
const maxBytes = 256 * 1024;

/** The text of a file, of a long one the first 256 KiB; undefined where there is none, or none for us to read. */
export function readTextFile(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(maxBytes);
      let length = 0;
      // The kernel's own files come a page at a time.
      for (let size = -1; size !== 0 && length < maxBytes; length += size) {
        size = readSync(file, bytes, length, maxBytes - length, null);
      }
      return bytes.toString('utf8', 0, length);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
