import { type HttpHeaders, headerValues } from '../mesh/replies/header-value.ts';

/**
 * How long a reply asks to wait: the longest of its `Retry-After` lines, since an app and a gateway may add one each and both must be heeded.
 * Undefined where there is none that can be read, or none that asks for a wait.
 */
export function retryAfterMs(headers: HttpHeaders | null | undefined, nowMs: number): number | undefined {
  const waits = headerValues(headers, 'retry-after').flatMap((line) => line.split(betweenValues).map(readWait(nowMs)));
  const longest = Math.max(0, ...waits.filter((ms) => ms !== undefined));
  return longest > 0 ? longest : undefined;
}

// A `Headers` joins its lines with commas, and a date has one of its own, behind the day.
const betweenValues = /(?<!(?:^|,)\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*),/i;
const seconds = /^\d+(?:\.\d+)?$/;
// The three forms of RFC 9110 section 5.6.7; what else `Date.parse` would take is no date here ("1, 2" is one to it).
const date = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i;
const hasZone = /(?:GMT|UTC|Z|[+-]\d{4})$/i;

function readWait(nowMs: number): (value: string) => number | undefined {
  return (value) => {
    const text = value.trim();
    if (seconds.test(text)) return Number(text) * 1000;
    if (!date.test(text)) return undefined;
    // The form of asctime names no zone and means UTC.
    const at = Date.parse(hasZone.test(text) ? text : `${text} GMT`);
    return Number.isNaN(at) ? undefined : at - nowMs;
  };
}
