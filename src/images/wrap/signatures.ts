import { collected } from '../content.ts';
import { ImageError } from '../image-error.ts';
import { longestDocument } from '../image-source.ts';
import { isObject } from '../manifest.ts';
import type { RegistrySource } from '../registry/registry-source.ts';

/** Under which tags cosign keeps what belongs to a digest (cosign 2.4, pkg/oci/remote). */
const cosignSuffixes = ['sig', 'att', 'sbom'] as const;

/** What signs or describes one digest. */
export interface Signed {
  readonly digest: string;
  /** Tags of cosign, and the types of what the registry lists as referring to it (OCI distribution 1.1). */
  readonly by: readonly string[];
}

/**
 * What is said of these digests beside the image; of those of which nothing is said, there is nothing.
 *
 * @throws ImageError
 */
export async function findSignatures(source: RegistrySource, digests: readonly string[]): Promise<readonly Signed[]> {
  const found = await Promise.all(
    digests.map(async (digest) => ({
      digest,
      by: [...(await cosignTags(source, digest)), ...(await referrers(source, digest))],
    })),
  );
  return found.filter(({ by }) => by.length > 0);
}

async function cosignTags(source: RegistrySource, digest: string): Promise<readonly string[]> {
  const tags = cosignSuffixes.map((suffix) => `${digest.replace(':', '-')}.${suffix}`);
  const there = await Promise.all(tags.map((tag) => source.has(tag)));
  return tags.filter((_, index) => there[index]);
}

async function referrers(source: RegistrySource, digest: string): Promise<readonly string[]> {
  const reply = await source.referrers(digest);
  if (reply.status !== 200) {
    // A registry of before 1.1 does not know the question.
    reply.discard();
    return [];
  }
  const tooLong = () => new ImageError('IMAGE_REGISTRY', source.reference, 'has too many referrers');
  const text = (await collected(reply.body, longestDocument, tooLong)).toString('utf8');
  const types = manifestsIn(text).map(({ artifactType }) => artifactType);
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}

function manifestsIn(text: string) {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) && Array.isArray(json.manifests) ? json.manifests.filter(isObject) : [];
  } catch {
    return [];
  }
}
