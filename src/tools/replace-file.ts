import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/** What a folder says that takes no new file, and a file that is mounted by itself. */
const inPlaceOnly: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EBUSY', 'EROFS'];

/** Writes a file that exists; where the disk is full, or anything else fails, its old text stays. */
export function replaceFile(path: string, text: string): void {
  const real = realpathSync(path);
  const next = `${real}.mesh-shim-${process.pid}`;
  try {
    writeFileSync(next, text, { mode: statSync(real).mode, flag: 'wx' });
    renameSync(next, real);
  } catch (error) {
    rmSync(next, { force: true });
    if (!inPlaceOnly.includes((error as NodeJS.ErrnoException).code)) throw error;
    writeFileSync(real, text);
  }
}
