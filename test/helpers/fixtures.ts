import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'fixtures');

/** A file of test/fixtures, one character per byte. */
export function fixtureBytes(path: string): string {
  return readFileSync(join(folder, path), 'latin1');
}

/** The body of a recorded answer: recorded without its chunks. */
export function recordedBody(name: string): string {
  const text = fixtureBytes(`sidecar/${name}`);
  return text.startsWith('HTTP/') ? text.slice(text.indexOf('\r\n\r\n') + 4) : text;
}
