import { Readable } from 'node:stream';
import { type Content, checked, type Descriptor } from '../content.ts';
import { ImageError } from '../image-error.ts';
import type { ImageSource } from '../image-source.ts';
import type { Arrival, ImageTarget } from '../image-target.ts';
import { indexTypes, manifestTypes } from '../media-types.ts';
import type { RegistryReference } from '../reference.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistrySource } from './registry-source.ts';
import { passingStatus, pauseFor, type Reply } from './transport.ts';
import { isPassing } from './unreachable.ts';

const mostTries = 3;

/** A tag in a registry. */
export class RegistryTarget implements ImageTarget {
  readonly reference: string;
  readonly parallel = 3;
  readonly #client: RegistryClient;
  readonly #path: string;
  readonly #repository: string;
  readonly #tag: string;
  readonly #scopes: readonly string[];

  /** @throws ImageError (IMAGE_REFERENCE) for a target that is named by its digest */
  constructor(client: RegistryClient, { text, repository, tag, digest }: RegistryReference) {
    if (tag === undefined || digest !== undefined) {
      throw new ImageError('IMAGE_REFERENCE', text, 'names a digest, which what is written gets by itself', {
        advice: 'name a tag',
      });
    }
    this.reference = text;
    this.#client = client;
    this.#repository = repository;
    this.#path = `/v2/${repository}`;
    this.#tag = tag;
    this.#scopes = [`repository:${repository}:pull,push`];
  }

  async current(): Promise<string | undefined> {
    const reply = await this.#send('HEAD', `${this.#path}/manifests/${this.#tag}`, {
      headers: { accept: [...indexTypes, ...manifestTypes].join(', ') },
    });
    reply.discard();
    return reply.status === 200 ? reply.header('docker-content-digest') : undefined;
  }

  async copy(blob: Descriptor, source: ImageSource): Promise<Arrival> {
    if (await this.#has(blob.digest)) return 'there';
    for (let tries = 1; ; tries++) {
      const place = await this.#mountOrBegin(blob, source);
      if (place === undefined) return 'mounted';
      const failure = await this.#copyTo(place, blob, source);
      if (failure === undefined) return 'copied';
      if (tries === mostTries) throw failure;
      await pauseFor(undefined, tries);
    }
  }

  /** Resolves with a failure that may pass: the bytes must be read again then, which no one else can do. */
  async #copyTo(place: URL, blob: Descriptor, source: ImageSource): Promise<ImageError | undefined> {
    try {
      const bytes = checked(await source.open(blob), blob, source.reference);
      const reply = await this.#upload(place, blob, Readable.from(bytes, { objectMode: false }));
      if (reply.status === 201) {
        reply.discard();
        return undefined;
      }
      const failure = await this.#failure(reply, `take ${blob.digest}`);
      if (passingStatus.includes(reply.status)) return failure;
      throw failure;
    } catch (error) {
      if (isPassing(error)) return error;
      throw error;
    }
  }

  async write(blob: Content): Promise<void> {
    if (await this.#has(blob.digest)) return;
    const place = await this.#begun(await this.#begin('', this.#scopes), blob.digest);
    const reply = await this.#upload(place, blob, blob.bytes);
    if (reply.status !== 201) throw await this.#failure(reply, `take ${blob.digest}`);
    reply.discard();
  }

  async writeManifest(manifest: Content): Promise<void> {
    await this.#putManifest(manifest.digest, manifest);
  }

  async finish(root: Content): Promise<void> {
    await this.#putManifest(this.#tag, root);
  }

  async close(): Promise<void> {}

  async #has(digest: string): Promise<boolean> {
    const reply = await this.#send('HEAD', `${this.#path}/blobs/${digest}`, {});
    reply.discard();
    return reply.status === 200;
  }

  /** Where to upload; undefined: the registry has taken it from another repository of its own. */
  async #mountOrBegin({ digest }: Descriptor, source: ImageSource): Promise<URL | undefined> {
    const isNeighbour = source instanceof RegistrySource && source.client.host === this.#client.host;
    const reply = isNeighbour ? await this.#mount(digest, source.repository) : undefined;
    if (reply?.status === 201) {
      reply.discard();
      return undefined;
    }
    // A registry that cannot mount it begins an upload in its place.
    if (reply?.status === 202) return this.#begun(reply, digest);
    reply?.discard();
    return this.#begun(await this.#begin('', this.#scopes), digest);
  }

  /** Undefined: whoever may read it there and write it here may still not mount it. */
  async #mount(digest: string, from: string): Promise<Reply | undefined> {
    const query = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    try {
      return await this.#begin(query, [...this.#scopes, `repository:${from}:pull`]);
    } catch (error) {
      if (error instanceof ImageError && error.code === 'IMAGE_DENIED') return undefined;
      throw error;
    }
  }

  #begin(query: string, scopes: readonly string[]): Promise<Reply> {
    return this.#send('POST', `${this.#path}/blobs/uploads/${query}`, { scopes, body: Buffer.alloc(0) });
  }

  async #begun(reply: Reply, digest: string): Promise<URL> {
    const location = reply.header('location');
    if (reply.status !== 202 || location === undefined) throw await this.#failure(reply, `take ${digest}`);
    reply.discard();
    const url = this.#client.given(location, reply.url, this.reference);
    url.searchParams.set('digest', digest);
    return url;
  }

  #upload(url: URL, { size }: Descriptor, body: Buffer | Readable): Promise<Reply> {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
    return this.#send('PUT', url, { headers, body, size });
  }

  async #putManifest(name: string, { mediaType, bytes, digest }: Content): Promise<void> {
    const headers = { 'content-type': mediaType };
    const reply = await this.#send('PUT', `${this.#path}/manifests/${name}`, { headers, body: bytes });
    if (reply.status !== 201) throw await this.#failure(reply, `take ${this.#repository}:${name}`);
    reply.discard();
    const said = reply.header('docker-content-digest') ?? digest;
    if (said === digest) return;
    throw new ImageError('IMAGE_REGISTRY', this.reference, `${this.#client.host} has made ${said} of ${digest}`);
  }

  #send(
    method: 'HEAD' | 'POST' | 'PUT',
    url: string | URL,
    { scopes = this.#scopes, ...more }: SendOptions,
  ): Promise<Reply> {
    const { reference } = this;
    return this.#client.send({ method, url, scopes, reference, document: more.size === undefined, ...more });
  }

  #failure(reply: Reply, doing: string): Promise<ImageError> {
    return this.#client.failure(reply, this.reference, doing);
  }
}

interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
  readonly size?: number;
  readonly scopes?: readonly string[];
}
