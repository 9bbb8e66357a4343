import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A file, and the hash by which it is known. */
export interface ReleaseFile {
  readonly name: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

export function releaseFile(path: string, name = basename(path)): ReleaseFile {
  return { name, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

/** As `sha256sum --check` reads it. */
export function checksums(files: readonly ReleaseFile[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}
