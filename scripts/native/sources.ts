import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const hostFolder = 'shim/native';

/** The host's own C files, and those of the engine that are linked. */
export const hostSources = readdirSync(hostFolder).filter((name) => name.startsWith('host') && name.endsWith('.c'));
export const engineSources = ['quickjs.c', 'dtoa.c', 'libregexp.c', 'libunicode.c'];

/** What the compiler may call by itself is compiled by itself: nothing of it may be taken for the call of it. */
export const flagsOfSource = (name: string): readonly string[] =>
  name === 'host-memory.c' ? ['-fno-lto', '-fno-builtin'] : [];

export const ownCodeFlags = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];

/** What names a result by all that it is made from. */
export function shortHash(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

export function readHostSources(): Buffer[] {
  const files = readdirSync(hostFolder).filter((name) => name.endsWith('.c') || name.endsWith('.h'));
  return files.map((name) => readFileSync(join(hostFolder, name)));
}
