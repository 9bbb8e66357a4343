import { copyFileSync, cpSync, existsSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlannedVersion } from './plan.ts';

/**
 * Copies a version's own Markdown, with the pictures that it shows; for the files as they are, the pages that only the site has, too: the
 * playground checks by the sources that are here.
 */
export function copyPages({ tree, tag }: PlannedVersion, target: string): void {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'THIRD_PARTY.md',
    'CODE_OF_CONDUCT.md',
  ].filter((path) => existsSync(join(tree, path)));
  for (const path of [...pages, ...globSync(['docs/**/*.{md,svg}', 'examples/**/*.md'], { cwd: tree })]) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(join(tree, path), join(target, path));
  }
  if (tag === undefined) cpSync(join(import.meta.dirname, 'pages'), target, { recursive: true });
}
