import { closeSync, openSync, readSync } from 'node:fs';
import { headBytes } from '../host.ts';

/** The first bytes of a file, one character each; undefined where it cannot be read. */
export function readHead(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(headBytes);
      return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // executable but not readable
  }
}
