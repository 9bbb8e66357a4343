import process from 'node:process';
import { fileURLToPath } from 'node:url';

const library = new URL('../../src/index.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** The command that runs TypeScript as a program of its own, with the library's source in the place of the package. */
export function inlineProgram(code: string): { readonly command: string[]; readonly cwd: string } {
  const here = code.replaceAll("from 'mesh-shim'", `from ${JSON.stringify(library)}`);
  return {
    command: [process.execPath, '--no-warnings', '--input-type=module-typescript', '-e', here],
    cwd: root,
  };
}
