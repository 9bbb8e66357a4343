import { types } from 'node:util';

/**
 * One chunk of a request body, as text or bytes. Undici makes NUL bytes of a list, `[object Object]` of an object, and
 * takes the numbers of a wider array for bytes.
 *
 * @throws TypeError for what is neither text nor bytes
 */
export function sendableChunk(chunk: unknown): string | Uint8Array {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return chunk;
  const bytes = bytesOf(chunk);
  if (bytes !== undefined) return bytes;
  throw new TypeError(
    `a chunk of the request body is ${kindOf(chunk)}; it must be a string or bytes: nothing else can be sent as it is (JSON.stringify makes text of an object, URLSearchParams or FormData of pairs)`,
  );
}

/** The bytes of a typed array, a DataView or an ArrayBuffer, of whatever realm; undefined for everything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return types.isAnyArrayBuffer(value) ? new Uint8Array(value) : undefined;
}

/** What a value is, in words for an error. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (Array.isArray(value)) return 'an array';
  const { name } = value.constructor ?? Object;
  return name === 'Object' ? 'a plain object' : `a ${name}`;
}
