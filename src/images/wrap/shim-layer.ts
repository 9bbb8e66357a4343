import { crc32 } from 'node:zlib';
import { digestOf } from '../content.ts';
import { tarEnd, tarHead, tarPadding } from '../files/tar-head.ts';

/** Where the shim lies in an image: as in the image layer of a Dockerfile. */
export const shimPath = '/mesh-shim';

/** A layer that has the shim and nothing else. */
export interface ShimLayer {
  /** As it is stored: gzip. */
  readonly bytes: Buffer;
  readonly digest: string;
  /** Of the archive in it. */
  readonly diffId: string;
}

/** The same executable gives the same bytes, with any version of Node and zlib. */
export function shimLayer(executable: Buffer): ShimLayer {
  const head = tarHead(shimPath.slice(1), executable.length, 0o555);
  const archive = Buffer.concat([head, executable, tarPadding(executable.length), tarEnd]);
  const bytes = storedGzip(archive);
  return { bytes, digest: digestOf(bytes), diffId: digestOf(archive) };
}

const longestBlock = 0xffff;

/**
 * gzip without compression (RFC 1952, RFC 1951 3.2.4): what zlib compresses differs from version to version, and with it the digest of
 * the image. The executable is small.
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
