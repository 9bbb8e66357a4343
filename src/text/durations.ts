/** Milliseconds as people read them: `12 ms`, `3.2 s`, `4 min 10 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 119_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads a duration with its unit (`500ms`, `1.5s`, `2m30s`) into milliseconds; undefined when it is not one. `0` needs no unit.
 * A bare number is refused: seconds to one reader are milliseconds to the next.
 */
export function parseDuration(text: string): number | undefined {
  return sumOf(text, unitMs, 'msh');
}

function sumOf(text: string, units: Readonly<Record<string, number>>, letters: string): number | undefined {
  if (text === '0') return 0;
  let total = 0;
  let position = 0;
  while (position < text.length) {
    const numberEnd = skip(text, position, '0123456789.');
    const unitEnd = skip(text, numberEnd, letters);
    const amount = text.slice(position, numberEnd);
    const factor = units[text.slice(numberEnd, unitEnd)];
    if (factor === undefined || !isDecimal(amount)) return undefined;
    total += Number(amount) * factor;
    position = unitEnd;
  }
  return text === '' || total > Number.MAX_SAFE_INTEGER ? undefined : total;
}

function skip(text: string, from: number, characters: string): number {
  let end = from;
  while (end < text.length && characters.includes(text[end] as string)) end++;
  return end;
}

function isDecimal(text: string): boolean {
  const point = text.indexOf('.');
  return text !== '' && point !== 0 && point !== text.length - 1 && point === text.lastIndexOf('.');
}

const goUnitMs: Readonly<Record<string, number>> = { ...unitMs, ns: 1e-6, us: 1e-3 };

/** Reads a duration as Go does (time.ParseDuration): with a sign, and down to nanoseconds; undefined when it is not one. */
export function parseGoDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const ms = sumOf(rest, goUnitMs, 'msnuh');
  return ms === undefined ? undefined : sign * ms;
}
