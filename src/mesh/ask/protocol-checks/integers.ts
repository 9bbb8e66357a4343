import type { ByteString } from '../transport.ts';

/** Unsigned integers in byte strings. Reading beyond the end is the caller's mistake and yields NaN. */
export function readUint16Be(bytes: ByteString, at: number): number {
  return bytes.charCodeAt(at) * 0x100 + bytes.charCodeAt(at + 1);
}

export function readUint32Be(bytes: ByteString, at: number): number {
  return readUint16Be(bytes, at) * 0x1_0000 + readUint16Be(bytes, at + 2);
}

export function readUint16Le(bytes: ByteString, at: number): number {
  return bytes.charCodeAt(at) + bytes.charCodeAt(at + 1) * 0x100;
}

export function readUint24Le(bytes: ByteString, at: number): number {
  return readUint16Le(bytes, at) + bytes.charCodeAt(at + 2) * 0x1_0000;
}

export function readUint32Le(bytes: ByteString, at: number): number {
  return readUint16Le(bytes, at) + readUint16Le(bytes, at + 2) * 0x1_0000;
}

export function writeUint32Be(value: number): ByteString {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function writeUint32Le(value: number): ByteString {
  return String.fromCharCode(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}
