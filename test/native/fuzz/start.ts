/**
 * Runs inside the executable's engine: feeds mutated answers of sidecars to the readers. An error that the
 * readers do not announce ends it with 1; a fault in C ends it by the sanitizer.
 *
 * Arguments: how many answers, seed, files to start from.
 */

import { readFile, writeAll } from '../../../shim/native/native-files.ts';
import type { System } from '../../../shim/native/system.ts';
import { createReplyReader, HttpReplyError } from '../../../src/mesh/ask/http1.ts';
import { createServerInfoReader, parseServerInfo } from '../../../src/mesh/ask/server-info.ts';

declare const system: System;

const [wanted = '1000', seed = '1', ...files] = system.args().slice(1);
const corpus = files.map((path) => readFile(path, system) ?? '');
let state = Number(seed) >>> 0 || 1;

/** xorshift: the run can be repeated from its seed. */
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

const tokens = [
  '\r\n',
  '\r\n\r\n',
  '{',
  '}',
  '[',
  '[[[[',
  '"',
  '\\u',
  '\\ud800',
  '\0',
  '\xff',
  '0\r\n',
  'ffffffffffffffff\r\n',
  ':',
];
const heads = [
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'x: y\r\n',
];

function mutate(bytes: string): string {
  let result = bytes;
  for (let round = below(6); round >= 0; round--) {
    const at = below(result.length + 1);
    const end = at + below(64);
    const insert = pick([pick(tokens), pick(heads), pick(tokens).repeat(below(4000)), String.fromCharCode(below(256))]);
    result = pick([
      result.slice(0, at) + insert + result.slice(at),
      result.slice(0, at) + insert + result.slice(end),
      result.slice(0, at) + result.slice(end),
      result.slice(0, at),
      result.slice(0, end) + result.slice(at),
    ]);
  }
  return result;
}

function feed(bytes: string): void {
  const info = createServerInfoReader();
  const reader = pick([
    () => createReplyReader({ onBody: (piece) => info.push(piece) }),
    () => createReplyReader({ maxBodyBytes: 256 * 1024 }),
  ])();
  try {
    let position = 0;
    while (position < bytes.length) {
      const size = 1 + below(pick([3, 200, 70_000]));
      if (reader.feed(bytes.slice(position, position + size))) return;
      position += size;
    }
    parseServerInfo(reader.end().body);
  } catch (error) {
    if (!(error instanceof HttpReplyError)) throw error;
  }
}

let rounds = 0;
try {
  for (; rounds < Number(wanted); rounds++) {
    const bytes = mutate(pick(corpus));
    feed(bytes);
    const bodyAt = bytes.indexOf('\r\n\r\n');
    parseServerInfo(bytes.slice(bodyAt < 0 ? 0 : bodyAt + 4));
  }
} catch (error) {
  writeAll(
    2,
    `round ${rounds}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`,
    system,
  );
  system.exit(1);
}
writeAll(1, `${rounds} rounds\n`, system);
system.exit(0);
