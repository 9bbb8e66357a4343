import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Not blocking: a pipe without a reader must not hold up the end. */
const flags = constants.O_WRONLY | constants.O_TRUNC | constants.O_NONBLOCK;

/** Replaces the content of a file that is there; where it is not, or may not be written, nothing happens. */
export function overwriteFile(path: string, text: string): void {
  try {
    const file = openSync(path, flags);
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch {
    // Nobody has asked for it.
  }
}
