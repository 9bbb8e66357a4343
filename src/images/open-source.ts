import type { BlobCache } from './blob-cache.ts';
import { FileSource } from './files/file-source.ts';
import type { ImageAccess } from './image-config.ts';
import { ImageError } from './image-error.ts';
import type { ImageSource } from './image-source.ts';
import { parseReference, parseRegistryReference, type RegistryReference } from './reference.ts';
import { RegistryClient } from './registry/registry-client.ts';
import { RegistrySource } from './registry/registry-source.ts';

/** The connections to registries, each once for all images. */
export class Registries {
  readonly access: ImageAccess;
  readonly #clients = new Map<string, RegistryClient>();

  constructor(access: ImageAccess) {
    this.access = access;
  }

  client(host: string): RegistryClient {
    const known = this.#clients.get(host) ?? new RegistryClient(host, this.access);
    this.#clients.set(host, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }
}

/**
 * Does something with an image where it is first found: in a mirror of its registry, or in the registry; in a file there is one place.
 *
 * @throws ImageError: that of the registry, not of a mirror
 */
export async function withSource<Result>(
  text: string,
  registries: Registries,
  cache: BlobCache | undefined,
  act: (source: ImageSource) => Promise<Result>,
): Promise<Result> {
  const reference = parseReference(text);
  if (reference.kind !== 'registry') return act(new FileSource(reference));
  for (const { host, repository } of mirrorsOf(reference, registries.access)) {
    try {
      return await act(new RegistrySource(registries.client(host), reference, repository, cache));
    } catch (error) {
      // A mirror may lack it, be down or be wrong: the registry itself says what is right.
      if (!(error instanceof ImageError)) throw error;
    }
  }
  return act(new RegistrySource(registries.client(reference.host), reference, reference.repository, cache));
}

/** @throws ImageError (IMAGE_REFERENCE) for a mirror that is none */
function mirrorsOf({ host, repository }: RegistryReference, { mirrors }: ImageAccess) {
  return (mirrors?.get(host) ?? []).map((mirror) => {
    const slash = mirror.indexOf('/');
    const mirrored = parseRegistryReference(
      `${slash < 0 ? `${mirror}/` : `${mirror.replace(/\/*$/, '')}/`}${repository}`,
    );
    return { host: mirrored.host, repository: mirrored.repository };
  });
}
