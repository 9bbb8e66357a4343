import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { emptyVolume } from './run-container.ts';
import { type Running, runCommand } from './run-shim.ts';

export interface PulledManifest {
  readonly mediaType: string;
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
  readonly manifests?: readonly PlatformEntry[];
  readonly annotations?: Readonly<Record<string, string>>;
}

interface PlatformEntry {
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface PulledImage {
  readonly digest: string;
  readonly manifest: PulledManifest;
  readonly config: {
    readonly config: {
      readonly Entrypoint?: readonly string[];
      readonly Cmd?: readonly string[];
      readonly Env?: readonly string[];
      readonly User?: string;
      readonly WorkingDir?: string;
    };
    readonly history?: readonly object[];
    readonly rootfs: { readonly diff_ids: readonly string[] };
  };
  /** Its layers, unpacked one over the other. */
  readonly root: string;
}

const accept = [
  'oci.image.index.v1',
  'oci.image.manifest.v1',
  'docker.distribution.manifest.list.v2',
  'docker.distribution.manifest.v2',
]
  .map((type) => `application/vnd.${type}+json`)
  .join(', ');

const hashOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A manifest or an index as the registry has it, without any code of ours. Undefined: there is none. */
export async function pullManifest(reference: string, authorization?: string) {
  const { url, name } = addressOf(reference);
  const response = await fetch(`${url}/manifests/${name}`, { headers: headersWith(authorization) });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${reference}: ${response.status} ${bytes}`);
  return { digest: hashOf(bytes), manifest: JSON.parse(bytes.toString()) as PulledManifest };
}

/** Pulls an image with all that its digests name, which is checked, and unpacks it. */
export async function pullImage(
  reference: string,
  { architecture = 'amd64', authorization }: { architecture?: string; authorization?: string } = {},
): Promise<PulledImage> {
  const found = await pullManifest(reference, authorization);
  if (found === undefined) throw new Error(`${reference} is not there`);
  const { url, repository } = addressOf(reference);
  const { manifests } = found.manifest;
  if (manifests !== undefined) {
    const entry = manifests.find(({ platform }) => platform?.architecture === architecture);
    return pullImage(`${repository}@${entry?.digest}`, { architecture, ...(authorization ? { authorization } : {}) });
  }
  const blob = async (digest: string): Promise<Buffer> => {
    const response = await fetch(`${url}/blobs/${digest}`, { headers: headersWith(authorization) });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (hashOf(bytes) !== digest) throw new Error(`${reference}: ${digest} is ${hashOf(bytes)}`);
    return bytes;
  };
  const config = JSON.parse((await blob(found.manifest.config.digest)).toString()) as PulledImage['config'];
  const root = emptyVolume();
  for (const [index, { digest }] of found.manifest.layers.entries()) {
    const bytes = await blob(digest);
    const archive = execFileSync('gunzip', { input: bytes, maxBuffer: 1 << 30 });
    const diffId = config.rootfs.diff_ids[index];
    if (hashOf(archive) !== diffId)
      throw new Error(`${reference}: layer ${digest} is ${hashOf(archive)}, not ${diffId}`);
    execFileSync('tar', ['-C', root, '-xpf', '-'], { input: archive });
  }
  return { ...found, config, root };
}

/**
 * Runs an image as a container runtime does, in its own root and as its USER: needs root, for the namespaces. The system's programs and
 * libraries are there as well (shells, what Node needs), and Node itself in /node.
 */
export function runImage(
  { config: { config }, root }: PulledImage,
  env: Readonly<Record<string, string>> = {},
): Running {
  const { Entrypoint = [], Cmd = [], Env = [], User = '0', WorkingDir = '/' } = config;
  const borrowed = ['/usr', '/bin', '/lib', '/lib64', '/dev'].map((path) => [path, path]);
  const mounts = [...borrowed, [dirname(process.execPath), '/node']].map(([from = '', to = '']) => {
    mkdirSync(join(root, to), { recursive: true });
    return `mount --bind ${from} "$0${to}"`;
  });
  const inRoot = `exec chroot --userspec=${User}:${User} "$0" /bin/sh -c 'cd ${WorkingDir} && exec "$0" "$@"' "$@"`;
  const script = `chmod 755 "$0" && ${[...mounts, inRoot].join(' && ')}`;
  const variables = Object.fromEntries(Env.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  return runCommand(['unshare', '--mount', 'sh', '-c', script, root, ...Entrypoint, ...Cmd], {
    env: { ...variables, ...env, PATH: `${process.env.PATH}:/node` },
  });
}

function headersWith(authorization: string | undefined): Record<string, string> {
  return { accept, ...(authorization === undefined ? {} : { authorization }) };
}

/** `HOST/REPOSITORY:TAG`, or `@DIGEST` in the place of the tag. */
function addressOf(reference: string): { url: string; repository: string; name: string } {
  const [, repository = '', host = '', path = '', name = ''] = /^(([^/]+)\/([^@]+?))[:@]([^/]+)$/.exec(reference) ?? [];
  return { url: `http://${host}/v2/${path}`, repository, name };
}
