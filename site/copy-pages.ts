import { copyFileSync, cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** What the site is made from: a copy, because the packages of the site are looked for above each page. */
export const pagesFolder = resolve(import.meta.dirname, '.pages');

/** The repository's own Markdown, with the pictures that it shows, and the pages that only the site has. */
export function copyPages(): void {
  rmSync(pagesFolder, { recursive: true, force: true });
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'THIRD_PARTY.md',
    'CODE_OF_CONDUCT.md',
  ];
  for (const path of [...pages, ...globSync(['docs/**/*.{md,svg}', 'examples/**/*.md'], { cwd: root })]) {
    const target = join(pagesFolder, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
  cpSync(join(import.meta.dirname, 'pages'), pagesFolder, { recursive: true });
}
