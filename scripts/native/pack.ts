/** Shorter repetitions save less in the file than they cost at each start. */
export const leastMatch = 6;
/** An offset has two bytes. */
const farthest = 0xffff;
/** How many earlier places are tried for the longest match: more gains nothing here. */
const tries = 256;

/**
 * Packs bytes as blocks of LZ4 are (a token, literals, a match), without its rules for the last bytes: what unpacks them is
 * `unpack` in `shim/native/host-chunk.c` alone. They are unpacked behind others, which they may repeat.
 */
export function packBehind(before: Uint8Array, after: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from([...before, ...after]);
  const out: number[] = [];
  const latest = new Map<number, number>();
  const earlier = new Int32Array(bytes.length);
  const key = (at: number): number => (bytes[at] ?? 0) * 65_536 + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0);
  const learn = (at: number): void => {
    earlier[at] = latest.get(key(at)) ?? -1;
    latest.set(key(at), at);
  };
  const longestMatch = (at: number): { from: number; length: number } => {
    let best = { from: -1, length: 0 };
    let from = latest.get(key(at)) ?? -1;
    for (let tried = 0; from >= 0 && at - from <= farthest && tried < tries; tried++) {
      let length = 0;
      while (at + length < bytes.length && bytes[from + length] === bytes[at + length]) length++;
      if (length > best.length) best = { from, length };
      from = earlier[from] as number;
    }
    return best;
  };
  const writeLength = (length: number): void => {
    let rest = length - 15;
    for (; rest >= 255; rest -= 255) out.push(255);
    if (rest >= 0) out.push(rest);
  };
  const write = (from: number, to: number, match?: { readonly offset: number; readonly length: number }): void => {
    const extra = match ? match.length - leastMatch : 0;
    out.push((Math.min(to - from, 15) << 4) | Math.min(extra, 15));
    writeLength(to - from);
    for (let at = from; at < to; at++) out.push(bytes[at] as number);
    if (!match) return;
    out.push(match.offset & 255, match.offset >> 8);
    writeLength(extra);
  };

  let written = before.length;
  let at = 0;
  while (at < before.length) learn(at++);
  while (at < bytes.length) {
    const match = longestMatch(at);
    if (match.length < leastMatch) {
      learn(at++);
      continue;
    }
    write(written, at, { offset: at - match.from, length: match.length });
    for (const end = at + match.length; at < end; at++) learn(at);
    written = at;
  }
  write(written, at);
  return Uint8Array.from(out);
}
