import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const library = new URL('../../src/index.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** The TypeScript of a page that a reader would copy, block by block. */
export function codeOf(page: string): string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** The same, with the library's source in the place of the package. */
export function snippetsOf(page: string): string[] {
  return codeOf(page).map((code) => code.replaceAll("from 'mesh-shim'", `from ${JSON.stringify(library)}`));
}

/** The command that runs a snippet between what it takes as given and what shows its effect. */
export function snippetCommand(code: string): { readonly command: string[]; readonly cwd: string } {
  return {
    command: [process.execPath, '--no-warnings', '--input-type=module-typescript', '-e', code],
    cwd: root,
  };
}
