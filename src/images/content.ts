import { createHash } from 'node:crypto';
import { ImageError } from './image-error.ts';

/** Names bytes by their hash. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Bytes with their digest: a manifest, an index, a config. */
export interface Content extends Descriptor {
  readonly bytes: Buffer;
}

export type Bytes = AsyncIterable<Uint8Array>;

export function contentOf(mediaType: string, bytes: Buffer): Content {
  return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
}

export function jsonContent(mediaType: string, value: object): Content {
  return contentOf(mediaType, Buffer.from(JSON.stringify(value)));
}

export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Whether these bytes are those that the digest names. */
export function isNamedBy(bytes: Uint8Array, digest: string): boolean {
  const [algorithm = ''] = digest.split(':');
  return (algorithm === 'sha256' || algorithm === 'sha512') && digestOf(bytes, algorithm) === digest;
}

/**
 * Passes on the bytes that a descriptor names. The last of them are held back until all have been checked, so that whoever writes them
 * never has the whole of something wrong.
 *
 * @throws ImageError (IMAGE_DIGEST) for other bytes, for more and for less
 */
export async function* checked(bytes: Bytes, { digest, size }: Descriptor, reference: string): Bytes {
  const [algorithm = 'sha256'] = digest.split(':');
  const hash = createHash(algorithm);
  let length = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > size) throw wrongBytes(reference, digest, `more than ${size} bytes`);
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (length < size) throw wrongBytes(reference, digest, `${length} bytes instead of ${size}`);
  if (`${algorithm}:${hash.digest('hex')}` !== digest) throw wrongBytes(reference, digest, 'other bytes');
  if (held !== undefined) yield held;
}

/** All of it, in memory: of what is known to be small. @throws ImageError of code IMAGE_REGISTRY when it is longer than `limit` */
export async function collected(bytes: Bytes, limit: number, tooLong: () => ImageError): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > limit) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function wrongBytes(reference: string, digest: string, what: string): ImageError {
  return new ImageError('IMAGE_DIGEST', reference, `${what} came for ${digest}`);
}
