/**
 * Bodies longer than this are written piece by piece, each when the one before has gone to the kernel. Undici writes a buffer in one go
 * and calls it sent while most of it still lies in this process: an early reply to 16 MB would pass for a reply to the whole request.
 */
export const PACED_FROM_BYTES = 64 * 1024;

/** The bytes of a body that must be paced; undefined for every other body. */
export function largeBody(body: unknown): Uint8Array | undefined {
  if (typeof body === 'string') return body.length > PACED_FROM_BYTES ? Buffer.from(body) : undefined;
  if (body instanceof ArrayBuffer) return body.byteLength > PACED_FROM_BYTES ? new Uint8Array(body) : undefined;
  if (!ArrayBuffer.isView(body) || body.byteLength <= PACED_FROM_BYTES) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
}

/** Cuts long chunks into pieces. */
export async function* paced(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PACED_FROM_BYTES) yield chunk.subarray(at, at + PACED_FROM_BYTES);
  }
}
