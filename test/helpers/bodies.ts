import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** One form in which the shim is shipped: how it is started, before its own arguments. */
export interface Body {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const dist = join(import.meta.dirname, '..', '..', 'dist');
const executable = join(dist, 'linux-x64', 'mesh-shim');

/** All that `npm run build` has made: what holds for one must hold for each. */
export const bodies: readonly Body[] = [
  { name: 'on Node', command: process.execPath, args: [join(dist, 'mesh-shim.mjs')] },
  ...(existsSync(executable) ? [{ name: 'static executable', command: executable, args: [] }] : []),
];
