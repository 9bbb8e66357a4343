import { readFileSync } from 'node:fs';

/** The text of a small file, such as the kernel's own; undefined where there is none, or none for us to read. */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
