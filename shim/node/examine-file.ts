import { accessSync, constants, statSync } from 'node:fs';
import type { FileKind } from '../host.ts';

/** What execve(2) would say of a file, before it is tried. */
export function examineFile(path: string): FileKind {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return 'directory';
    accessSync(path, constants.X_OK);
    return stats.isFile() ? 'program' : 'not-executable';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'ELOOP' ? 'link-loop' : code === 'ENAMETOOLONG' ? 'name-too-long' : 'denied';
  }
}
