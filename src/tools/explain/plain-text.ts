import type { Readable, Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import zlib from 'node:zlib';
import { ToolError } from '../tool.ts';

/** By what compressed files begin with: gzip (RFC 1952), zstd (RFC 8878). */
const unpackers: readonly { readonly magic: readonly number[]; readonly create: () => Transform }[] = [
  { magic: [0x1f, 0x8b], create: () => zlib.createGunzip() },
  // A Node before 22.15 has none: the tools start on Node 20, too.
  ...('createZstdDecompress' in zlib
    ? [{ magic: [0x28, 0xb5, 0x2f, 0xfd], create: () => zlib.createZstdDecompress() }]
    : []),
];

/** What is not unpacked here, and by which program it is. */
const foreign: readonly { readonly magic: readonly number[]; readonly program: string }[] = [
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], program: 'xz -dc' },
  { magic: [0x42, 0x5a, 0x68], program: 'bzip2 -dc' },
  { magic: [0x50, 0x4b, 0x03, 0x04], program: 'unzip -p' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], program: 'zstd -dc' },
];

/** The text of a stream, piece by piece, unpacked where it is compressed. @throws ToolError for a compression that is not known */
export async function* plainText(source: Readable, name: string): AsyncGenerator<string> {
  const chunks = bytesOf(source);
  const first = await chunks.next();
  if (first.done === true) return;
  const begins = (magic: readonly number[]) => magic.every((byte, index) => first.value[index] === byte);
  const known = unpackers.find(({ magic }) => begins(magic));
  const alien = foreign.find(({ magic }) => begins(magic));
  if (known === undefined && alien !== undefined) {
    throw new ToolError(
      `${name} is compressed in a way that is not known here; unpack it: ${alien.program} ${name} | mesh-shim explain -`,
    );
  }
  const unpacker = known?.create();
  const decoder = new StringDecoder('utf8');
  const whole =
    unpacker === undefined ? following(first.value, chunks) : unpacked(unpacker, following(first.value, chunks));
  for await (const chunk of whole) yield decoder.write(chunk);
  yield decoder.end();
}

async function* bytesOf(source: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    if (bytes.length > 0) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

async function* following(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* unpacked(unpacker: Transform, packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const feeding = (async () => {
    for await (const chunk of packed) {
      if (!unpacker.write(chunk)) await new Promise<void>((resolve) => unpacker.once('drain', resolve));
    }
    unpacker.end();
  })().catch((error: Error) => void unpacker.destroy(error));
  for await (const chunk of unpacker) yield chunk as Buffer;
  await feeding;
}
