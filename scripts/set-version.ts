/**
 * Puts a new version where the old one stands outside of package.json: the image's tag and the package's file in
 * documentation, examples and what runs in people's CI, the image's label. `npm run release` runs it: `node scripts/set-version.ts OLD NEW`.
 */
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const [old = '', version = ''] = process.argv.slice(2);
const isVersion = (text: string): boolean => /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(text);

function inNewVersion(text: string): string {
  return text
    .replaceAll(`mesh-shim:${old}`, `mesh-shim:${version}`)
    .replaceAll(`mesh-shim@${old}`, `mesh-shim@${version}`)
    .replaceAll(`mesh-shim@v${old}`, `mesh-shim@v${version}`)
    .replaceAll(`/check@${old}`, `/check@${version}`)
    .replaceAll(`mesh-shim-${old}.tgz`, `mesh-shim-${version}.tgz`)
    .replaceAll(`image.version="${old}"`, `image.version="${version}"`);
}

if (isVersion(old) && isVersion(version)) {
  for (const path of globSync(['*.md', 'Dockerfile*', 'docs/**', 'examples/**', 'action.yml', 'templates/*'])) {
    if (!statSync(path).isFile()) continue;
    const before = readFileSync(path, 'utf8');
    const after = inNewVersion(before);
    if (after !== before) writeFileSync(path, after);
  }
} else {
  process.stderr.write('usage: node scripts/set-version.ts OLD NEW\n');
  process.exitCode = 64;
}
