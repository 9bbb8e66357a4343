import type { Dispatcher } from 'undici';
import { bytesOf } from './body-chunks.ts';
import { withHeader } from './with-header.ts';

/**
 * Bodies longer than this are written piece by piece, each when the one before has gone to the kernel. Undici writes a buffer in one go
 * and calls it sent while most of it still lies in this process: an early reply to 16 MB would pass for a reply to the whole request.
 */
export const pacedFromBytes = 64 * 1024;

/** The bytes of a body that must be paced; undefined for every other body. */
export function largeBody(body: unknown): Uint8Array | undefined {
  if (typeof body === 'string') {
    // A character takes up to three bytes: most texts are known to be short without their bytes being counted.
    const isLong = body.length * 3 > pacedFromBytes && Buffer.byteLength(body) > pacedFromBytes;
    return isLong ? Buffer.from(body) : undefined;
  }
  const bytes = bytesOf(body);
  return bytes !== undefined && bytes.byteLength > pacedFromBytes ? bytes : undefined;
}

/** Undici writes such a body together with the head of its request. */
export function isWrittenAtOnce(body: unknown): boolean {
  if (body === null || body === undefined) return true;
  return (typeof body === 'string' || bytesOf(body) !== undefined) && largeBody(body) === undefined;
}

/** Cuts long chunks into pieces. Chunks that are no bytes are passed on as they are, for what sends them to judge. */
export async function* paced(chunks: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown> {
  for await (const chunk of chunks) {
    const large = largeBody(chunk);
    if (large === undefined) yield chunk;
    else for (let at = 0; at < large.length; at += pacedFromBytes) yield large.subarray(at, at + pacedFromBytes);
  }
}

/** Its stream tells of its end some time after the last byte: a reply may come before, and seem to overtake the request. */
async function* slices(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += pacedFromBytes) {
    yield new Uint8Array(await blob.slice(at, at + pacedFromBytes).arrayBuffer());
  }
}

/** The options of one attempt with its body, in such pieces that it is known when all of it has been sent. */
export function withPacedBody(options: Dispatcher.DispatchOptions, body: unknown): Dispatcher.DispatchOptions {
  if (isWrittenAtOnce(body)) return { ...options, body: body as never };
  if (body instanceof Blob) {
    const sized = withHeader(options, 'content-length', String(body.size));
    const typed = body.type === '' ? sized : withHeader(sized, 'content-type', body.type);
    return { ...typed, body: slices(body) as never };
  }
  const large = largeBody(body);
  if (large === undefined) return { ...options, body: paced(body as AsyncIterable<unknown>) as never };
  return { ...withHeader(options, 'content-length', String(large.byteLength)), body: paced([large]) as never };
}
