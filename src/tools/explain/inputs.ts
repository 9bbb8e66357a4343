import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ToolError, type ToolIo } from '../tool.ts';

/** Where lines come from: standard input, a file, or a text that was given. */
export type Input =
  | { readonly name: string; readonly stdin: true }
  | { readonly name: string; readonly path: string }
  | { readonly name: string; readonly text: string };

/** What nobody would paste as an error: a path, or a file's name. */
const pathPattern =
  /^(?:\.{0,2}\/|~\/)\S+$|^[^\s{}[\]()"=]+\.(?:log|txt|json|jsonl|ndjson|out|gz|zst|zstd|bz2|xz)(?:\.\d+)?$/;

/** The files that the operands name, or standard input; undefined where they are a text. @throws ToolError for a file that is not there */
export function inputsOf(operands: readonly string[], { cwd }: ToolIo): readonly Input[] | undefined {
  if (operands.length === 1 && operands[0] === '-') return [{ name: 'standard input', stdin: true }];
  const files = operands.map((operand) => ({ name: operand, path: resolve(cwd, operand) }));
  // Not only plain files: a shell's <(kubectl logs ...) is a pipe.
  const isFile = files.map(
    ({ name, path }) => !name.includes('\0') && existsSync(path) && !statSync(path).isDirectory(),
  );
  if (isFile.every((is) => is)) return files;
  for (const [index, { name, path }] of files.entries()) {
    if (isFile[index] || !pathPattern.test(name) || name.includes('\0')) continue;
    const why = existsSync(path) ? 'it is a folder; name the files in it' : 'no such file';
    throw new ToolError(`cannot read ${name}: ${why}`);
  }
  return undefined;
}
