import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One form in which the shim is shipped. Every test of the process suite runs against each. */
export interface Body {
  readonly name: string;
  /** Starts it; its arguments follow. */
  readonly command: readonly string[];
  readonly abilities: Abilities;
}

/** What a body can do besides what all of them must. Node cannot do any of these: see "What it does not do" in README.md. */
export interface Abilities {
  readonly realTimeSignals: boolean;
  readonly reapsOrphans: boolean;
  readonly bytesInArguments: boolean;
  /** A signal that was ignored when the shim was started is ignored in the app. */
  readonly keepsIgnoredSignals: boolean;
  readonly keepsDescriptorLimit: boolean;
  /** Open descriptors from 3 on reach the app. */
  readonly keepsDescriptors: boolean;
  /** NODE_OPTIONS of the app has no effect on the shim. */
  readonly deafToNodeOptions: boolean;
}

const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const all = (able: boolean): Abilities => ({
  realTimeSignals: able,
  reapsOrphans: able,
  bytesInArguments: able,
  keepsIgnoredSignals: able,
  keepsDescriptorLimit: able,
  keepsDescriptors: able,
  deafToNodeOptions: able,
});

export const nodeBody: Body = {
  name: 'node',
  command: [process.execPath, pathOf('dist/mesh-shim.cjs')],
  abilities: all(false),
};

/** A Node before 22.15 cannot be replaced by another program. This stand-in for one takes `process.execve` away. */
export const oldNodeBody: Body = {
  ...nodeBody,
  name: 'node without execve',
  command: [process.execPath, '--import', 'data:text/javascript,delete process.execve', pathOf('dist/mesh-shim.cjs')],
};

const staticFile = pathOf(`dist/linux-${process.arch}/mesh-shim`);

/** Those that have been built; the others are skipped aloud. */
export const bodies: readonly Body[] = [
  nodeBody,
  { name: 'static', command: [staticFile], abilities: all(true) },
].filter(({ name, command }) => {
  const file = command.at(-1) as string;
  if (existsSync(file)) return true;
  if (name === 'node') throw new Error(`${file} is not there: npm run build makes it`);
  process.stderr.write(`SKIPPED: body ${name}: ${file} has not been built\n`);
  return false;
});
