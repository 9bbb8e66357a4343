import { mkdirSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';

/**
 * Fills a folder where what is wanted is not there yet. It is filled beside its place and moved there whole: a download that
 * was cut short never looks like a finished one, and whoever came first when two fetch the same stays.
 */
export async function fetchOnce(
  folder: string,
  isThere: () => boolean,
  fill: (partial: string) => Promise<unknown>,
): Promise<void> {
  if (isThere()) return;
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await fill(partial);
    if (isThere()) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
