import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { posix } from 'node:path';

/** A file in a tar archive: where its bytes lie. */
export interface TarEntry {
  readonly name: string;
  /** Of the first byte in the archive. */
  readonly offset: number;
  readonly size: number;
}

const blockSize = 512;
/** An archive of images has some dozen entries; one of a whole disk is no archive of images. */
const mostEntries = 100_000;
const longestName = 64 * 1024;

/** What is wrong with an archive, in a phrase. */
export class TarError extends Error {}

/**
 * The regular files of an archive (POSIX ustar and pax, GNU's long names), by their heads alone: images have gigabytes.
 *
 * @throws TarError for what is no tar archive, or is cut off
 * @throws the error of the system
 */
export function tarEntries(path: string): ReadonlyMap<string, TarEntry> {
  const file = openSync(path, 'r');
  try {
    return readEntries(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

/** All of an entry, in memory. @throws TarError, and the error of the system */
export function readTarEntry(path: string, { offset, size }: TarEntry): Buffer {
  const file = openSync(path, 'r');
  try {
    return read(file, offset, size);
  } finally {
    closeSync(file);
  }
}

function readEntries(file: number, length: number): ReadonlyMap<string, TarEntry> {
  const entries = new Map<string, TarEntry>();
  const links = new Map<string, string>();
  // Of the next entry, from an entry before it.
  let longName: string | undefined;
  let longSize: number | undefined;
  for (let position = 0, count = 0; position < length; count++) {
    const head = read(file, position, blockSize);
    if (head.every((byte) => byte === 0)) break;
    if (!hasChecksum(head)) throw new TarError(describeForeign(head, position));
    if (count === mostEntries) throw new TarError(`has more than ${mostEntries} entries`);
    const type = String.fromCharCode(head[156] as number);
    const size = longSize ?? numberIn(head, 124, 12);
    const offset = position + blockSize;
    if (size < 0 || offset + size > length) throw new TarError('is cut off');
    position = offset + Math.ceil(size / blockSize) * blockSize;
    if (type === 'L') longName = textIn(readName(file, offset, size));
    else if (type === 'x') {
      const records = paxRecords(readName(file, offset, size));
      longName = records.get('path') ?? longName;
      longSize = records.has('size') ? Number(records.get('size')) : undefined;
    } else if (type !== 'g') {
      const name = plainName(longName ?? nameIn(head));
      if (type === '0' || type === '\0') entries.set(name, { name, offset, size });
      // docker save before 25 names a layer that two images share by a link to the other's.
      if (type === '1' || type === '2') links.set(name, linked(name, type, textIn(head.subarray(157, 257))));
      longName = undefined;
      longSize = undefined;
    }
  }
  if (entries.size === 0) throw new TarError('is empty');
  for (const [name, target] of links) {
    const entry = entries.get(target);
    if (entry !== undefined && !entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

function read(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, position + filled);
    if (count === 0) throw new TarError('is cut off');
    filled += count;
  }
  return buffer;
}

function readName(file: number, offset: number, size: number): Buffer {
  if (size > longestName) throw new TarError(`has a name of ${size} bytes`);
  return read(file, offset, size);
}

/** The sum of all bytes of the head, its own field taken for blanks. */
function hasChecksum(head: Buffer): boolean {
  const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === numberIn(head, 148, 8);
}

function describeForeign(head: Buffer, position: number): string {
  if (position > 0) return 'is damaged';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'is compressed; unpack it: gunzip FILE';
  if (head.readUInt32BE(0) === 0x28b52ffd) return 'is compressed; unpack it: unzstd FILE';
  return 'is no tar archive';
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function numberIn(head: Buffer, offset: number, length: number): number {
  const field = head.subarray(offset, offset + length);
  // GNU's form of large numbers.
  if (((field[0] as number) & 0x80) !== 0) return Number(field.readBigUInt64BE(length - 8));
  return Number.parseInt(textIn(field).trim() || '0', 8);
}

function nameIn(head: Buffer): string {
  const name = textIn(head.subarray(0, 100));
  const isUstar = head.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textIn(head.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** A symbolic link counts from its own folder, a hard link from the top. */
function linked(name: string, type: string, target: string): string {
  return type === '1' ? plainName(target) : posix.join(posix.dirname(name), target);
}

function plainName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '');
}

/** `LENGTH KEYWORD=VALUE\n`, again and again. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let position = 0; position < bytes.length; ) {
    const blank = bytes.indexOf(0x20, position);
    const length = Number(bytes.toString('latin1', position, blank));
    if (blank < 0 || !Number.isInteger(length) || length < 4) throw new TarError('is damaged');
    const record = bytes.toString('utf8', blank + 1, position + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    position += length;
  }
  return records;
}
