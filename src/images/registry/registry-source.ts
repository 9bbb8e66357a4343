import type { BlobCache } from '../blob-cache.ts';
import {
  type Bytes,
  type Content,
  collected,
  contentOf,
  type Descriptor,
  digestOf,
  isNamedBy,
  wrongBytes,
} from '../content.ts';
import { ImageError } from '../image-error.ts';
import { type ImageSource, longestDocument } from '../image-source.ts';
import { indexTypes, manifestTypes } from '../media-types.ts';
import { isDigest, type RegistryReference } from '../reference.ts';
import type { RegistryClient } from './registry-client.ts';
import type { Reply } from './transport.ts';

const manifestHeaders = { accept: [...indexTypes, ...manifestTypes].join(', ') };

/** An image in a registry. What its digest names is taken from the cache where it is there. */
export class RegistrySource implements ImageSource {
  readonly reference: string;
  readonly client: RegistryClient;
  readonly repository: string;
  readonly #named: RegistryReference;
  readonly #cache: BlobCache | undefined;

  /** @param repository where the client has it; a mirror may have it elsewhere */
  constructor(client: RegistryClient, named: RegistryReference, repository: string, cache?: BlobCache) {
    this.reference = named.text;
    this.client = client;
    this.repository = repository;
    this.#named = named;
    this.#cache = cache;
  }

  async root(): Promise<Content> {
    const { digest, tag = '' } = this.#named;
    if (digest !== undefined) return this.#manifest(digest);
    if (this.#cache === undefined) return this.#fetchManifest(tag);
    // Asking for the digest alone is cheap, and registries that count pulls do not count it.
    const known = this.#cache.get((await this.#digestOf(tag)) ?? '');
    return known === undefined ? this.#fetchManifest(tag) : contentOf('', known);
  }

  async read(descriptor: Descriptor): Promise<Content> {
    const { mediaType, digest } = descriptor;
    if ([...indexTypes, ...manifestTypes].includes(mediaType)) return this.#manifest(digest, mediaType);
    const cached = this.#cache?.get(digest);
    if (cached !== undefined) return { ...contentOf(mediaType, cached), digest };
    if (descriptor.size > longestDocument) throw this.#tooLong(digest);
    const bytes = await collected(await this.open(descriptor), longestDocument, () => this.#tooLong(digest));
    if (!isNamedBy(bytes, digest)) throw wrongBytes(this.reference, digest, 'other bytes');
    this.#cache?.put(digest, bytes);
    return { mediaType, digest, size: bytes.length, bytes };
  }

  async open({ digest, size }: Descriptor): Promise<Bytes> {
    const reply = await this.#get(`blobs/${digest}`, {}, size);
    return reply.body;
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** Whether there is a manifest of this tag or digest: what signs an image lies beside it. */
  async has(name: string): Promise<boolean> {
    const reply = await this.#send('HEAD', `manifests/${name}`, manifestHeaders);
    reply.discard();
    return reply.status === 200;
  }

  /** The types of what refers to this digest; none where the registry does not know. */
  async referrers(digest: string): Promise<Reply> {
    return this.#send('GET', `referrers/${digest}`, { accept: indexTypes.join(', ') });
  }

  async #digestOf(tag: string): Promise<string | undefined> {
    const reply = await this.#send('HEAD', `manifests/${tag}`, manifestHeaders);
    reply.discard();
    const digest = reply.status === 200 ? reply.header('docker-content-digest') : undefined;
    return digest !== undefined && isDigest(digest) ? digest : undefined;
  }

  async #manifest(digest: string, mediaType = ''): Promise<Content> {
    const cached = this.#cache?.get(digest);
    return cached === undefined ? this.#fetchManifest(digest) : { ...contentOf(mediaType, cached), digest };
  }

  async #fetchManifest(name: string): Promise<Content> {
    const reply = await this.#get(`manifests/${name}`, manifestHeaders);
    const bytes = await collected(reply.body, longestDocument, () => this.#tooLong(name));
    const said = reply.header('docker-content-digest');
    const expected = isDigest(name) ? name : said !== undefined && isDigest(said) ? said : digestOf(bytes);
    if (!isNamedBy(bytes, expected)) throw wrongBytes(this.reference, expected, 'other bytes');
    this.#cache?.put(expected, bytes);
    const [mediaType = ''] = (reply.header('content-type') ?? '').split(';');
    return { mediaType: mediaType.trim(), digest: expected, size: bytes.length, bytes };
  }

  async #get(path: string, headers: Readonly<Record<string, string>>, size?: number): Promise<Reply> {
    const reply = await this.#send('GET', path, headers, size);
    if (reply.status === 200) return reply;
    throw await this.client.failure(reply, this.reference, `give ${this.repository} ${path}`);
  }

  #send(method: 'GET' | 'HEAD', path: string, headers: Readonly<Record<string, string>>, size?: number) {
    return this.client.send({
      method,
      url: `/v2/${this.repository}/${path}`,
      headers,
      scopes: [`repository:${this.repository}:pull`],
      reference: this.reference,
      ...(size === undefined ? { document: true } : { size }),
    });
  }

  #tooLong(name: string): ImageError {
    return new ImageError('IMAGE_REGISTRY', this.reference, `${name} is longer than ${longestDocument} bytes`);
  }
}
