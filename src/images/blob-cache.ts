import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { isNamedBy } from './content.ts';
import type { ImageAccess } from './image-config.ts';
import { isDigest } from './reference.ts';

/** Manifests and configs by digest, for this user alone: they come from registries that not everybody may read. */
export class BlobCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Only what is still what the digest names. */
  get(digest: string): Buffer | undefined {
    if (!isDigest(digest)) return undefined;
    try {
      const bytes = readFileSync(this.#path(digest));
      return isNamedBy(bytes, digest) ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whatever keeps it from being written costs time the next time, and nothing else. */
  put(digest: string, bytes: Uint8Array): void {
    const path = this.#path(digest);
    const unfinished = `${path}.${process.pid}`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(unfinished, bytes, { mode: 0o600 });
      renameSync(unfinished, path);
    } catch {
      rmSync(unfinished, { force: true });
    }
  }

  #path(digest: string): string {
    return join(this.#folder, ...digest.split(':'));
  }
}

export function cacheFolder(env: ImageAccess['env']): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'mesh-shim', 'images');
}
