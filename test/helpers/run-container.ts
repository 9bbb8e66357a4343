import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import type { Container } from './manifests.ts';
import { type Running, runCommand } from './run-shim.ts';

/** A folder in a volume's place, for one test. */
export function emptyVolume(): string {
  const folder = mkdtempSync(join(tmpdir(), 'volume-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What stands in for the image of a container. */
export interface ImageStandIn {
  /** Before `args` where the container has no `command`. */
  readonly entrypoint?: readonly string[];
  /** Words of the command that the image would have, and what is run instead: `/app/web` by a program of the test. */
  readonly programs?: Readonly<Record<string, readonly string[]>>;
}

export interface Cluster {
  /** The folder of each volume, by name. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs what a manifest says that a container runs. There is no kubelet here: the paths of its mounts are replaced by the
 * folders of the volumes, in command, arguments and variables; all else is as it stands in the manifest.
 */
export function runContainer(container: Container, image: ImageStandIn, cluster: Cluster): Running {
  const mounts = container.volumeMounts ?? [];
  const here = (text: string): string =>
    mounts.reduce(
      (result, { name, mountPath }) =>
        result.replaceAll(new RegExp(`(^|[= ])${mountPath}(?=/|$| )`, 'g'), `$1${cluster.volumes[name]}`),
      text,
    );
  const words = [...(container.command ?? image.entrypoint ?? []), ...(container.args ?? [])];
  const command = words.flatMap((word) => image.programs?.[word] ?? [word === 'node' ? process.execPath : here(word)]);
  const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, here(value ?? '')]));
  return runCommand(command, { env: { ...cluster.env, ...env } });
}
