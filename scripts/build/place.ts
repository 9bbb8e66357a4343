import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/**
 * Puts a file in its place whole: whoever reads or runs that path meanwhile has the old one or the new one, never half.
 * A file that has not changed is left alone.
 */
export function placeFile(from: string, to: string): void {
  const mode = statSync(from).mode & 0o777;
  const same = existsSync(to) && (statSync(to).mode & 0o777) === mode && readFileSync(to).equals(readFileSync(from));
  if (same) return;
  mkdirSync(dirname(to), { recursive: true });
  // Beside its place, because a rename does not cross file systems.
  const partial = `${to}.${process.pid}`;
  copyFileSync(from, partial);
  chmodSync(partial, mode);
  renameSync(partial, to);
}

/** The files below a folder, as paths from it. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted();
}

/** Removes the files below a folder that are not wanted, and the folders that are empty then. */
export function removeOthers(folder: string, isWanted: (path: string) => boolean): void {
  for (const path of filesBelow(folder)) if (!isWanted(path)) rmSync(join(folder, path));
  const folders = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isDirectory(),
  );
  // The deepest first.
  for (const path of folders.toSorted().toReversed()) {
    if (readdirSync(join(folder, path)).length === 0) rmSync(join(folder, path), { recursive: true });
  }
}
