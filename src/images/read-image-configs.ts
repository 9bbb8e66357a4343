import { BlobCache, cacheFolder } from './blob-cache.ts';
import type { ImageConfig, ReadImageOptions, ReadImagesOptions } from './image-config.ts';
import { ImageError } from './image-error.ts';
import { Registries, withSource } from './open-source.ts';
import { readConfig } from './read-config.ts';

const defaultParallel = 8;

/**
 * What an image runs: from its registry, from a layout (`oci:FOLDER`), or from an archive (`archive:FILE`).
 *
 * @throws ImageError (rejects)
 */
export async function readImageConfig(reference: string, options: ReadImageOptions): Promise<ImageConfig> {
  const found = (await readImageConfigs([reference], options)).get(reference) as ImageConfig | ImageError;
  if (found instanceof ImageError) throw found;
  return found;
}

/**
 * The same of many, some at a time, each once. One that cannot be read has its error in its place; in the order of the references.
 */
export async function readImageConfigs(
  references: Iterable<string>,
  { platform, cache: folder, parallel = defaultParallel, progress, ...access }: ReadImagesOptions,
): Promise<ReadonlyMap<string, ImageConfig | ImageError>> {
  const waiting = [...new Set(references)];
  const found = new Map<string, ImageConfig | ImageError | undefined>(
    waiting.map((reference) => [reference, undefined]),
  );
  const registries = new Registries(access);
  const cache = folder === false ? undefined : new BlobCache(folder ?? cacheFolder(access.env));
  let done = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const read = withSource(next, registries, cache, (source) => readConfig(source, platform));
      found.set(next, await read.catch(asImageError));
      progress?.(++done, found.size);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, parallel) }, work));
  } finally {
    await registries.close();
  }
  return found as ReadonlyMap<string, ImageConfig | ImageError>;
}

function asImageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  throw error;
}
