import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const notCopied = ['.git', '.cache', 'node_modules', 'dist', 'coverage'];

/** The sources of this repository in a folder of its own, for tests that change or build them. */
export function copyRepository(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-copy-'));
  for (const name of readdirSync('.')) {
    if (!notCopied.includes(name)) cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
