import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../content.ts';
import { readTarEntry, type TarEntry, tarEntries } from './tar-entries.ts';

/** Files by their names, in a folder or in an archive. Undefined: there is no such file. */
export interface BlobFiles {
  size(name: string): number | undefined;
  /** @throws the error of the system */
  read(name: string, limit: number): Buffer | undefined;
  open(name: string): Bytes | undefined;
}

export function filesInFolder(folder: string): BlobFiles {
  const size = (name: string) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() ? found.size : undefined;
  };
  return {
    size,
    read: (name, limit) => {
      const length = size(name);
      return length === undefined || length > limit ? undefined : readFileSync(join(folder, name));
    },
    open: (name) => (size(name) === undefined ? undefined : createReadStream(join(folder, name))),
  };
}

/** @throws TarError, and the error of the system */
export function filesInArchive(path: string): BlobFiles {
  const entries = tarEntries(path);
  const open = ({ offset, size }: TarEntry): Bytes =>
    size === 0 ? noBytes() : createReadStream(path, { start: offset, end: offset + size - 1 });
  return {
    size: (name) => entries.get(name)?.size,
    read: (name, limit) => {
      const entry = entries.get(name);
      return entry === undefined || entry.size > limit ? undefined : readTarEntry(path, entry);
    },
    open: (name) => {
      const entry = entries.get(name);
      return entry && open(entry);
    },
  };
}

async function* noBytes(): Bytes {}
