const dayMs = 86_400_000;

/** Milliseconds since 1970 as `2026-03-01T09:30:00Z`. The bare engine has no Date. */
export function formatTimestamp(epochMs: number): string {
  let days = Math.floor(epochMs / dayMs);
  const seconds = Math.floor((epochMs - days * dayMs) / 1000);
  let year = 1970;
  while (days >= daysIn(year)) days -= daysIn(year++);
  let month = 0;
  const months = monthsOf(year);
  while (days >= (months[month] as number)) days -= months[month++] as number;
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  return `${year}-${twoDigits(month + 1)}-${twoDigits(days + 1)}T${time}Z`;
}

function daysIn(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/**
 * Reads `2026-03-01T09:30:00Z`, with a fraction or not, into milliseconds since 1970, cut to the second; undefined for
 * what is not such a time of UTC.
 */
export function parseTimestamp(text: string): number | undefined {
  const numbers = [
    [0, 4],
    [5, 7],
    [8, 10],
    [11, 13],
    [14, 16],
    [17, 19],
  ].map(([from, to]) => digits(text.slice(from, to)));
  const [year = Number.NaN, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const isTime = numbers.every((number) => !Number.isNaN(number)) && text[10] === 'T' && text.endsWith('Z');
  if (!isTime || year < 1970 || month < 1 || month > 12 || day < 1) return undefined;
  let days = day - 1;
  for (let past = 1970; past < year; past++) days += daysIn(past);
  for (const length of monthsOf(year).slice(0, month - 1)) days += length;
  return days * dayMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

function digits(text: string): number {
  for (const character of text) if (!'0123456789'.includes(character)) return Number.NaN;
  return text === '' ? Number.NaN : Number(text);
}

function monthsOf(year: number): readonly number[] {
  return [31, daysIn(year) === 366 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
}
