import type { Content, Descriptor } from './content.ts';
import { ImageError } from './image-error.ts';
import { configTypes, indexTypes, manifestTypes, ociIndexType, ociManifestType } from './media-types.ts';
import { isDigest } from './reference.ts';

export type Json = { readonly [name: string]: unknown };

/** Of several images, one for each platform. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly content: Content;
  /** With all that stands there, so that it can be written again. */
  readonly json: Json;
  readonly entries: readonly IndexEntry[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface IndexEntry extends Descriptor {
  /** `linux/amd64`, `linux/arm64/v8`, `unknown/unknown`. */
  readonly platform: string;
  readonly os: string;
  readonly architecture: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly json: Json;
}

/** Of one image: its config and its layers. */
export interface ImageManifest {
  readonly kind: 'manifest';
  readonly content: Content;
  readonly json: Json;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * What a manifest says, checked as far as it is used.
 *
 * @throws ImageError (IMAGE_KIND) for what is no image, (IMAGE_REGISTRY) for what is damaged
 */
export function readManifest(content: Content, reference: string): ImageIndex | ImageManifest {
  const json = readJson(content, reference);
  const mediaType = kindOf(json, content.mediaType, reference);
  const typed = { ...content, mediaType };
  if (indexTypes.includes(mediaType)) {
    const entries = list(json.manifests, 'manifests', reference).map((entry) => readEntry(entry, reference));
    return { kind: 'index', content: typed, json, entries, annotations: texts(json.annotations) };
  }
  const config = readDescriptor(json.config, 'config', reference);
  if (!configTypes.includes(config.mediaType)) {
    throw new ImageError('IMAGE_KIND', reference, `is no container image but ${config.mediaType}`);
  }
  const layers = list(json.layers, 'layers', reference).map((layer) => readDescriptor(layer, 'layers', reference));
  return { kind: 'manifest', content: typed, json, config, layers, annotations: texts(json.annotations) };
}

export function readJson({ bytes, digest }: Content, reference: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ImageError('IMAGE_REGISTRY', reference, `${digest} is no JSON`, { cause });
  }
  if (isObject(json)) return json;
  throw new ImageError('IMAGE_REGISTRY', reference, `${digest} is JSON, but no object`);
}

/** What was sent as one thing must not be read as another: the specification demands it (OCI image 1.1, manifest.md). */
function kindOf(json: Json, sentAs: string, reference: string): string {
  const written = json.mediaType;
  const known = [...indexTypes, ...manifestTypes];
  const looksLike = 'manifests' in json ? ociIndexType : 'config' in json ? ociManifestType : '';
  const mediaType = typeof written === 'string' ? written : known.includes(sentAs) ? sentAs : looksLike;
  if (json.schemaVersion === 1) throw new ImageError('IMAGE_KIND', reference, 'is an image of schema 1');
  if (!known.includes(mediaType)) {
    throw new ImageError('IMAGE_KIND', reference, `is no container image but ${mediaType || sentAs || 'unknown'}`);
  }
  const isIndex = indexTypes.includes(mediaType);
  if (isIndex ? 'layers' in json || 'config' in json : 'manifests' in json) {
    throw new ImageError('IMAGE_REGISTRY', reference, 'has a manifest that is both of one image and of several');
  }
  return mediaType;
}

function readEntry(value: unknown, reference: string): IndexEntry {
  const descriptor = readDescriptor(value, 'manifests', reference);
  const json = value as Json;
  const platform = isObject(json.platform) ? json.platform : {};
  const [os, architecture, variant] = [platform.os, platform.architecture, platform.variant].map((part) =>
    typeof part === 'string' ? part : '',
  );
  return {
    ...descriptor,
    os: os || 'unknown',
    architecture: architecture || 'unknown',
    platform: [os || 'unknown', architecture || 'unknown', ...(variant ? [variant] : [])].join('/'),
    annotations: texts(json.annotations),
    json,
  };
}

function readDescriptor(value: unknown, where: string, reference: string): Descriptor {
  const { mediaType = '', digest, size } = isObject(value) ? value : {};
  const isWhole =
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    Number.isSafeInteger(size) &&
    (size as number) >= 0;
  if (!isWhole) throw new ImageError('IMAGE_REGISTRY', reference, `has a manifest whose "${where}" is damaged`);
  return { mediaType, digest, size: size as number };
}

function list(value: unknown, where: string, reference: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ImageError('IMAGE_REGISTRY', reference, `has a manifest whose "${where}" is damaged`);
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
