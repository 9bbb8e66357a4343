import { type Content, contentOf, digestOf } from '../content.ts';
import { ImageError } from '../image-error.ts';
import { longestDocument } from '../image-source.ts';
import { isObject, type Json, readJson } from '../manifest.ts';
import { ociConfigType, ociLayerType, ociManifestType } from '../media-types.ts';
import type { FileReference } from '../reference.ts';
import type { BlobFiles } from './blob-files.ts';

/** One image of an archive of `docker save`, as a manifest, and under which names the archive has what that names. */
interface SavedImage {
  readonly manifest: Content;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Reads the manifest.json of an archive (moby 20.10 to 24, image/tarexport). Its layers are not compressed, so that their digests stand
 * in the config.
 *
 * @throws ImageError
 */
export function savedImages(list: Buffer, files: BlobFiles, { tag, text }: FileReference): SavedImage {
  const damaged = (what: string) => new ImageError('IMAGE_FILE', text, `has ${what}`);
  const images = imagesIn(list).filter((image) => tag === undefined || tagsOf(image).includes(tag));
  const [image] = images;
  if (image === undefined || images.length > 1) {
    const all = imagesIn(list).flatMap(tagsOf).join(', ') || 'none has a tag';
    throw new ImageError('IMAGE_REFERENCE', text, `holds ${images.length} such images; tags: ${all}`, {
      advice: 'name one behind the path: archive:FILE:TAG',
    });
  }
  const configName = typeof image.Config === 'string' ? image.Config : '';
  const bytes = files.read(configName, longestDocument);
  if (bytes === undefined) throw damaged('a manifest.json that names no config in it');
  const config = contentOf(ociConfigType, bytes);
  const names = new Map([[config.digest, configName]]);
  const { rootfs } = readJson(config, text);
  const digests: readonly unknown[] = isObject(rootfs) && Array.isArray(rootfs.diff_ids) ? rootfs.diff_ids : [];
  const paths: readonly unknown[] = Array.isArray(image.Layers) ? image.Layers : [];
  if (digests.length !== paths.length) throw damaged('another number of layers than its config says');
  const layers = digests.map((digest, index) => {
    const name = String(paths[index]);
    const size = files.size(name);
    if (size === undefined) throw damaged(`no layer ${JSON.stringify(name)}`);
    names.set(String(digest), name);
    return { mediaType: ociLayerType, digest, size };
  });
  const { mediaType, digest, size } = config;
  const json = { schemaVersion: 2, mediaType: ociManifestType, config: { mediaType, digest, size }, layers };
  const manifest = Buffer.from(JSON.stringify(json));
  return {
    manifest: { mediaType: ociManifestType, digest: digestOf(manifest), size: manifest.length, bytes: manifest },
    names,
  };
}

function imagesIn(list: Buffer): Json[] {
  try {
    const json: unknown = JSON.parse(list.toString('utf8'));
    return Array.isArray(json) ? json.filter(isObject) : [];
  } catch {
    return [];
  }
}

/** The tag by itself, and the whole name. */
function tagsOf({ RepoTags: tags }: Json): string[] {
  const names = Array.isArray(tags) ? tags.filter((name) => typeof name === 'string') : [];
  return names.flatMap((name) => [name.slice(name.lastIndexOf(':') + 1), name]);
}
