import type { Content } from './content.ts';
import type { ImageConfig, ImagePlatform } from './image-config.ts';
import { ImageError } from './image-error.ts';
import type { ImageSource } from './image-source.ts';
import {
  type ImageIndex,
  type ImageManifest,
  type IndexEntry,
  isObject,
  type Json,
  readJson,
  readManifest,
} from './manifest.ts';

/** Which image of an index is read where nobody says it. */
const preferred: readonly ImagePlatform[] = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];

/** Indexes in indexes are allowed, and rare. */
const deepest = 4;

/** @throws ImageError */
export async function readConfig(source: ImageSource, platform: ImagePlatform | undefined): Promise<ImageConfig> {
  const manifest = await manifestFor(source, readManifest(await source.root(), source.reference), platform);
  return configOf(manifest, await source.read(manifest.config), source.reference);
}

async function manifestFor(
  source: ImageSource,
  found: ImageIndex | ImageManifest,
  platform: ImagePlatform | undefined,
  depth = 0,
): Promise<ImageManifest> {
  if (found.kind === 'manifest') return found;
  if (depth === deepest) throw new ImageError('IMAGE_REGISTRY', source.reference, 'has indexes in indexes in indexes');
  const content = await source.read(choose(found, platform, source.reference));
  return manifestFor(source, readManifest(content, source.reference), platform, depth + 1);
}

function choose({ entries }: ImageIndex, platform: ImagePlatform | undefined, reference: string): IndexEntry {
  // BuildKit's attestations stand there as images of a platform that is unknown.
  const images = entries.filter(({ os, architecture }) => os !== 'unknown' || architecture !== 'unknown');
  const candidates = images.length > 0 ? images : entries;
  const is = (wish: ImagePlatform) => (entry: IndexEntry) =>
    entry.os === wish.os && entry.architecture === wish.architecture;
  const found =
    platform === undefined
      ? [
          ...preferred.map((wish) => candidates.find(is(wish))),
          candidates.find(({ os }) => os === 'linux'),
          candidates[0],
        ]
      : [candidates.find(is(platform))];
  const [entry] = found.filter((one) => one !== undefined);
  if (entry !== undefined) return entry;
  const wanted = platform === undefined ? 'any platform' : `${platform.os}/${platform.architecture}`;
  const there = images.map((image) => image.platform).join(', ') || 'none';
  throw new ImageError('IMAGE_PLATFORM', reference, `has no image for ${wanted}; it has ${there}`);
}

/** @throws ImageError (IMAGE_REGISTRY) when the config is damaged */
function configOf(manifest: ImageManifest, config: Content, reference: string): ImageConfig {
  const json = readJson(config, reference);
  const run = isObject(json.config) ? json.config : {};
  const damaged = (what: string) =>
    new ImageError('IMAGE_REGISTRY', reference, `has a config (${config.digest}) whose ${what} is damaged`);
  const words = (name: string): readonly string[] | undefined => {
    const value = run[name] ?? [];
    if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) throw damaged(name);
    return value.length === 0 ? undefined : value;
  };
  const text = (from: Json, name: string): string | undefined => {
    const value = from[name] ?? '';
    if (typeof value !== 'string') throw damaged(name);
    return value === '' ? undefined : value;
  };
  return {
    reference,
    digest: manifest.content.digest,
    os: text(json, 'os') ?? 'linux',
    architecture: text(json, 'architecture'),
    entrypoint: words('Entrypoint'),
    cmd: words('Cmd'),
    user: text(run, 'User'),
    workingDir: text(run, 'WorkingDir'),
    env: variables(words('Env')),
    shell: words('Shell'),
  };
}

function variables(lines: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = ''] = line.split('=', 1);
      return [name, line.slice(name.length + 1)];
    }),
  );
}
