import { type Content, jsonContent } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import { type ImageIndex, type IndexEntry, type Json, readJson, readManifest } from '../manifest.ts';
import { ociIndexType } from '../media-types.ts';
import type { StoredLayer } from '../stored-layer.ts';
import { shimLayer } from './shim-layer.ts';
import { type WrappedImage, withAnnotations, wrapManifest } from './wrap-manifest.ts';
import type { ShimStart } from './wrapped-config.ts';

export interface WrapOptions {
  readonly start: ShimStart;
  /** The executables of mesh-shim, by the architecture as images name it. */
  readonly executables: ReadonlyMap<string, Buffer>;
  /** `linux/amd64`: only these. Undefined: all that there is an executable for. */
  readonly platforms?: readonly string[] | undefined;
}

export interface PlannedImage {
  readonly platform: string;
  /** The digest of its manifest in the source. */
  readonly source: string;
  readonly image: WrappedImage;
}

/** What is to be written, and what is said of it. */
export interface WrapPlan {
  readonly root: Content;
  readonly source: string;
  readonly images: readonly PlannedImage[];
  /** What is not in the result, and why. */
  readonly leftOut: readonly { readonly platform: string; readonly why: string }[];
  readonly isIndex: boolean;
}

/** Each is kept in memory with its config; real indexes have one or two of a machine. */
const mostImages = 16;

/** @throws ImageError */
export async function planWrap(source: ImageSource, options: WrapOptions): Promise<WrapPlan> {
  const content = await source.root();
  const found = readManifest(content, source.reference);
  const layers = layersOf(options.executables);
  if (found.kind === 'index') return planIndex(source, found, layers, options);
  const { os = 'linux', architecture = '' } = readJson(await source.read(found.config), source.reference);
  const platform = `${os}/${architecture}`;
  const why = reasonAgainst(String(os), String(architecture), options);
  if (why !== undefined) throw noPlatform(source.reference, [{ platform, why }]);
  const image = await wrapManifest(source, found, layers(String(architecture)), options.start);
  const images = [{ platform, source: content.digest, image }];
  return { root: image.manifest, source: content.digest, images, leftOut: [], isIndex: false };
}

async function planIndex(
  source: ImageSource,
  index: ImageIndex,
  layers: (architecture: string) => StoredLayer,
  options: WrapOptions,
): Promise<WrapPlan> {
  const images: PlannedImage[] = [];
  const leftOut: { platform: string; why: string }[] = [];
  const manifests: Json[] = [];
  for (const entry of index.entries) {
    const { platform, os, architecture } = entry;
    const why = isAttestation(entry)
      ? 'an attestation of an image that is changed'
      : reasonAgainst(os, architecture, options);
    if (why !== undefined) {
      leftOut.push({ platform, why });
      continue;
    }
    if (images.length === mostImages) {
      throw new ImageError('IMAGE_KIND', source.reference, `has more than ${mostImages} images to be wrapped`, {
        advice: 'name the image of one platform by its digest',
      });
    }
    const manifest = readManifest(await source.read(entry), source.reference);
    if (manifest.kind === 'index') throw new ImageError('IMAGE_KIND', source.reference, 'has an index in its index');
    const image = await wrapManifest(source, manifest, layers(architecture), options.start);
    images.push({ platform, source: entry.digest, image });
    // What was embedded of the old one does not hold for the new one.
    const { data: _, ...json } = entry.json;
    manifests.push({ ...json, digest: image.manifest.digest, size: image.manifest.size });
  }
  if (images.length === 0) throw noPlatform(source.reference, leftOut);
  const root = isChanged(images, leftOut) ? wrappedIndex(index, images, manifests, options.start) : index.content;
  return { root, source: index.content.digest, images, leftOut, isIndex: true };
}

function isChanged(images: WrapPlan['images'], leftOut: WrapPlan['leftOut']): boolean {
  return leftOut.length > 0 || images.some(({ image }) => image.change !== 'as it was');
}

function wrappedIndex(
  { content: { mediaType, digest }, json, annotations }: ImageIndex,
  images: WrapPlan['images'],
  manifests: readonly Json[],
  { version }: ShimStart,
): Content {
  const changes = images.map(({ image }) => image.change);
  const isOurs = mediaType === ociIndexType && changes.some((change) => change !== 'as it was');
  const annotated = isOurs
    ? withAnnotations(annotations, version, digest, changes.includes('wrapped anew'))
    : undefined;
  return jsonContent(mediaType, { ...json, manifests, ...(annotated ? { annotations: annotated } : {}) });
}

/** BuildKit puts what it says of an image beside it, as an image of an unknown platform. */
function isAttestation({ annotations, os, architecture }: IndexEntry): boolean {
  return 'vnd.docker.reference.type' in annotations || (os === 'unknown' && architecture === 'unknown');
}

function reasonAgainst(os: string, architecture: string, { executables, platforms }: WrapOptions): string | undefined {
  if (os !== 'linux') return `mesh-shim runs on Linux only`;
  if (!executables.has(architecture))
    return `mesh-shim has executables for ${[...executables.keys()].join(' and ')} only`;
  return platforms?.includes(`${os}/${architecture}`) === false ? 'not asked for with --platform' : undefined;
}

function noPlatform(reference: string, leftOut: WrapPlan['leftOut']): ImageError {
  const why = leftOut.map((one) => `${one.platform} (${one.why})`).join(', ') || 'it is empty';
  return new ImageError('IMAGE_PLATFORM', reference, `has no image that can be wrapped: ${why}`, {
    advice: 'name an image for linux/amd64 or linux/arm64',
  });
}

/** Each made once, and only where it is needed. */
function layersOf(executables: ReadonlyMap<string, Buffer>): (architecture: string) => StoredLayer {
  const made = new Map<string, StoredLayer>();
  return (architecture) => {
    const layer = made.get(architecture) ?? shimLayer(executables.get(architecture) as Buffer);
    made.set(architecture, layer);
    return layer;
  };
}
