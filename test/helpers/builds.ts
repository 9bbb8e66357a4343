import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { arm64Runner } from './arm64-runner.ts';

/** One form in which the shim is shipped. Every test of the process suite runs against each: here, or by emulation in the project arm64. */
export interface Build {
  readonly name: string;
  /** Starts it; its arguments follow. */
  readonly command: readonly string[];
  readonly abilities: Abilities;
  /**
   * It runs by qemu-user, which itself stands between the kernel and the shim. Two tests cannot pass there, whatever the
   * shim does: the emulator does not know PR_SET_CHILD_SUBREAPER, and its own handlers stand where the shim's starter
   * had signals ignored.
   */
  readonly emulated: boolean;
}

/** What a build can do besides what all of them must. Node cannot do any of these: see "What it does not do" in docs/shim.md. */
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
  /** With `--group` the app's group is in the foreground of the terminal, and stops and goes on with the job. */
  readonly lendsTerminal: boolean;
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
  lendsTerminal: able,
});

export const nodeBuild: Build = {
  name: 'node',
  command: [process.execPath, pathOf('dist/mesh-shim.cjs')],
  abilities: all(false),
  emulated: false,
};

/** A Node before 22.15 cannot be replaced by another program. This stand-in for one takes `process.execve` away. */
export const oldNodeBuild: Build = {
  ...nodeBuild,
  name: 'node without execve',
  command: [process.execPath, '--import', 'data:text/javascript,delete process.execve', pathOf('dist/mesh-shim.cjs')],
};

const staticBuild = (arch: string): Build => ({
  name: 'static',
  command: [pathOf(`dist/linux-${arch}/mesh-shim`)],
  abilities: all(true),
  emulated: false,
});

/** The executable of the other machine: an emulator runs it, which takes its time. */
function emulatedBuilds(): Build[] {
  const runner = arm64Runner();
  if (!runner) throw new Error('no qemu-aarch64-static: npm run qemu');
  const { command, abilities } = staticBuild('arm64');
  return [{ name: 'static arm64', command: [...runner, ...command], abilities, emulated: true }];
}

/** Those that need no emulator: for tests of what is the same on every machine, too. */
export const ownBuilds: readonly Build[] = [nodeBuild, staticBuild(process.arch)].filter(hasBeenBuilt);

/** What the project of vitest.config.ts is for: the builds that run here, or the one that runs by emulation. */
export const builds: readonly Build[] =
  process.env.TESTED_BUILDS === 'arm64' ? emulatedBuilds().filter(hasBeenBuilt) : ownBuilds;

/** The others are skipped aloud. */
function hasBeenBuilt({ name, command }: Build): boolean {
  const file = command.at(-1) as string;
  if (existsSync(file)) return true;
  if (name === 'node') throw new Error(`${file} is not there: npm run build makes it`);
  if (process.env.CI === 'true') throw new Error(`${file} is not there: npm run build:native makes it`);
  process.stderr.write(`SKIPPED: build ${name}: ${file} has not been built\n`);
  return false;
}
