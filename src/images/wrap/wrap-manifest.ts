import { type Content, contentOf, type Descriptor } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import { type ImageManifest, type Json, readJson } from '../manifest.ts';
import { dockerManifestType, gzipLayerType } from '../media-types.ts';
import type { ShimLayer } from './shim-layer.ts';
import { configFile, type ShimStart, unwrapConfig, wrapConfig } from './wrapped-config.ts';

/** What the annotations of a wrapped image or index say. */
export const annotationNames = { version: 'mesh-shim.version', source: 'mesh-shim.source.digest' } as const;

/** One image, wrapped: all that is to be written, and what came of it. */
export interface WrappedImage {
  readonly manifest: Content;
  readonly config: Content;
  /** What the source has. */
  readonly kept: readonly Descriptor[];
  readonly layer: ShimLayer;
  /** The image had been wrapped before: that was taken off first. */
  readonly wasWrapped: boolean;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** What the image's own variables were, of those that were replaced. */
  readonly replaced: readonly string[];
}

/** @throws ImageError (IMAGE_COMMAND) for an image that has no command, or begins with mesh-shim already */
export async function wrapManifest(
  source: ImageSource,
  manifest: ImageManifest,
  layer: ShimLayer,
  start: ShimStart,
): Promise<WrappedImage> {
  const { reference } = source;
  const found = configFile(readJson(await source.read(manifest.config), reference));
  if (found.diffIds.length !== manifest.layers.length) {
    throw new ImageError('IMAGE_KIND', reference, 'has another number of layers than its config says');
  }
  const unwrapped = unwrapConfig(found);
  const original = unwrapped === undefined ? found : configFile(unwrapped);
  checkStart(original.entrypoint, original.cmd, reference);
  const config = jsonContent(manifest.config.mediaType, wrapConfig(original, layer.diffId, start));
  const kept = unwrapped === undefined ? manifest.layers : manifest.layers.slice(0, -1);
  const layers: unknown[] = [...(manifest.json.layers as unknown[]).slice(0, kept.length), ownLayer(manifest, layer)];
  const annotations = annotated(manifest, start, unwrapped !== undefined);
  const { mediaType, digest, size } = config;
  const content = jsonContent(manifest.content.mediaType, {
    ...manifest.json,
    config: { ...(manifest.json.config as Json), mediaType, digest, size },
    layers,
    ...annotations,
  });
  const replaced = Object.keys(start.env).flatMap((name) =>
    original.env.filter((line) => line.startsWith(`${name}=`) && line !== `${name}=${start.env[name]}`),
  );
  const { entrypoint, cmd } = configFile(readJson(config, reference));
  return { manifest: content, config, kept, layer, wasWrapped: unwrapped !== undefined, entrypoint, cmd, replaced };
}

function ownLayer({ content }: ImageManifest, { digest, bytes }: ShimLayer): Descriptor {
  return { mediaType: gzipLayerType(content.mediaType), digest, size: bytes.length };
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

function checkStart(entrypoint: readonly string[], cmd: readonly string[], reference: string): void {
  const [program] = [...entrypoint, ...cmd];
  if (program === undefined) {
    throw new ImageError(
      'IMAGE_COMMAND',
      reference,
      'has neither an entrypoint nor a command: it is to be built upon',
      {
        advice: 'wrap the image that starts something, or set `command` in the manifest behind mesh-shim',
      },
    );
  }
  if (program.slice(program.lastIndexOf('/') + 1) === 'mesh-shim') {
    throw new ImageError('IMAGE_COMMAND', reference, `begins with mesh-shim already (${JSON.stringify(entrypoint)})`, {
      advice: 'nothing is to be done; its options stand where it is built',
    });
  }
}

export function jsonContent(mediaType: string, value: object): Content {
  return contentOf(mediaType, Buffer.from(JSON.stringify(value)));
}
