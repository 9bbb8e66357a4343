import { crc32 } from 'node:zlib';
import { type Content, contentOf, digestOf } from './content.ts';
import { tarEnd, tarHead, tarPadding } from './files/tar-head.ts';

/** A file of root's, at the top of an image. */
export interface LayerFile {
  readonly name: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

/** A layer as it is stored: gzip. */
export interface StoredLayer extends Omit<Content, 'mediaType'> {
  /** Of the archive in it. */
  readonly diffId: string;
}

/** The same files give the same bytes, with any version of Node and zlib. */
export function storedLayer(files: readonly LayerFile[]): StoredLayer {
  const entries = files.flatMap(({ name, mode, bytes }) => [
    tarHead(name, bytes.length, mode),
    bytes,
    tarPadding(bytes.length),
  ]);
  const archive = Buffer.concat([...entries, tarEnd]);
  const { bytes, digest, size } = contentOf('', storedGzip(archive));
  return { bytes, digest, size, diffId: digestOf(archive) };
}

const longestBlock = 0xffff;

/**
 * gzip without compression (RFC 1952, RFC 1951 3.2.4): what zlib compresses differs from version to version, and with it the digest of
 * the image. What is stored here is small.
 */
function storedGzip(bytes: Buffer): Buffer {
  // No name, no time, an unknown system.
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let offset = 0; offset < bytes.length; offset += longestBlock) {
    const block = bytes.subarray(offset, offset + longestBlock);
    const head = Buffer.alloc(5);
    head[0] = offset + longestBlock >= bytes.length ? 1 : 0;
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(~block.length & 0xffff, 3);
    parts.push(head, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([...parts, trailer]);
}
