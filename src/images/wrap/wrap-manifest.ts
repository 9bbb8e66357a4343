import { type Content, type Descriptor, jsonContent } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import { type ImageManifest, type Json, readJson } from '../manifest.ts';
import { dockerManifestType, gzipLayerType } from '../media-types.ts';
import type { StoredLayer } from '../stored-layer.ts';
import { type ConfigFile, configFile, type ShimStart, unwrapConfig, wrapConfig } from './wrapped-config.ts';

/** What the annotations of a wrapped image or index say. */
export const annotationNames = { version: 'mesh-shim.version', source: 'mesh-shim.source.digest' } as const;

/**
 * `wrapped anew`: the image had been wrapped before, and that was taken off first. `as it was`: it begins with a mesh-shim that somebody
 * else has put there.
 */
export type Change = 'wrapped' | 'wrapped anew' | 'as it was';

/** One image, wrapped: all that is to be written, and what came of it. */
export interface WrappedImage {
  readonly manifest: Content;
  readonly config: Content;
  /** What the source has. */
  readonly kept: readonly Descriptor[];
  /** Undefined: nothing was to be added. */
  readonly layer: StoredLayer | undefined;
  readonly change: Change;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** What the image's own variables were, of those that were replaced. */
  readonly replaced: readonly string[];
}

/** @throws ImageError (IMAGE_COMMAND) for an image that has no command, or whose own mesh-shim would be told something else */
export async function wrapManifest(
  source: ImageSource,
  manifest: ImageManifest,
  layer: StoredLayer,
  start: ShimStart,
): Promise<WrappedImage> {
  const { reference } = source;
  const content = await source.read(manifest.config);
  const found = configFile(readJson(content, reference));
  if (found.diffIds.length !== manifest.layers.length) {
    throw new ImageError('IMAGE_KIND', reference, 'has another number of layers than its config says');
  }
  const unwrapped = unwrapConfig(found);
  const original = unwrapped === undefined ? found : configFile(unwrapped);
  if (beginsWithShim(original, reference)) return asItWas(manifest, content, original, start, reference);
  const config = jsonContent(manifest.config.mediaType, wrapConfig(original, layer.diffId, start));
  const kept = unwrapped === undefined ? manifest.layers : manifest.layers.slice(0, -1);
  const layers: unknown[] = [...(manifest.json.layers as unknown[]).slice(0, kept.length), ownLayer(manifest, layer)];
  const change = unwrapped === undefined ? 'wrapped' : 'wrapped anew';
  const annotations = annotated(manifest, start, unwrapped !== undefined);
  const { mediaType, digest, size } = config;
  const written = jsonContent(manifest.content.mediaType, {
    ...manifest.json,
    config: { ...(manifest.json.config as Json), mediaType, digest, size },
    layers,
    ...annotations,
  });
  const replaced = Object.keys(start.env).flatMap((name) =>
    original.env.filter((line) => line.startsWith(`${name}=`) && line !== `${name}=${start.env[name]}`),
  );
  const { entrypoint, cmd } = configFile(readJson(config, reference));
  return { manifest: written, config, kept, layer, change, entrypoint, cmd, replaced };
}

function ownLayer({ content }: ImageManifest, { digest, size }: StoredLayer): Descriptor {
  return { mediaType: gzipLayerType(content.mediaType), digest, size };
}

/** Docker's own kind of manifest has no annotations: there the history alone says it. */
function annotated({ content, annotations }: ImageManifest, { version }: ShimStart, wasWrapped: boolean): object {
  if (content.mediaType === dockerManifestType) return {};
  return { annotations: withAnnotations(annotations, version, content.digest, wasWrapped) };
}

/** A second time, the digest of the first source stays: what is not changed keeps its digest. */
export function withAnnotations(
  before: Readonly<Record<string, string>>,
  version: string,
  digest: string,
  wasWrapped: boolean,
): Readonly<Record<string, string>> {
  const { source, version: versionName } = annotationNames;
  const first = wasWrapped ? (before[source] ?? digest) : digest;
  const { [source]: _, [versionName]: __, ...others } = before;
  return { ...others, [versionName]: version, [source]: first };
}

/** @throws ImageError for an image that starts nothing */
function beginsWithShim({ entrypoint, cmd }: ConfigFile, reference: string): boolean {
  const [program] = [...entrypoint, ...cmd];
  if (program !== undefined) return program.slice(program.lastIndexOf('/') + 1) === 'mesh-shim';
  throw new ImageError('IMAGE_COMMAND', reference, 'has neither an entrypoint nor a command: it is to be built upon', {
    advice: 'wrap the image that starts something, or set `command` in the manifest behind mesh-shim',
  });
}

/** Where the image was built, somebody has decided which mesh-shim it has and what that is told. */
function asItWas(
  manifest: ImageManifest,
  config: Content,
  { entrypoint, cmd }: ConfigFile,
  start: ShimStart,
  reference: string,
): WrappedImage {
  if (start.words.length > 0 || Object.keys(start.env).length > 0) {
    const command = JSON.stringify([...entrypoint, ...cmd]);
    throw new ImageError('IMAGE_COMMAND', reference, `begins with a mesh-shim of its own: ${command}`, {
      advice: 'leave out the options of the shim, or set them where the image is built',
    });
  }
  const { content, layers } = manifest;
  return {
    manifest: content,
    config,
    kept: layers,
    layer: undefined,
    change: 'as it was',
    entrypoint,
    cmd,
    replaced: [],
  };
}
