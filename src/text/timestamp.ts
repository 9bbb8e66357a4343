const dayMs = 86_400_000;

/** Milliseconds since 1970 as `2026-03-01T09:30:00Z`. The bare engine has no Date. */
export function formatTimestamp(epochMs: number): string {
  let days = Math.floor(epochMs / dayMs);
  const seconds = Math.floor((epochMs - days * dayMs) / 1000);
  let year = 1970;
  while (days >= daysIn(year)) days -= daysIn(year++);
  let month = 0;
  const months = [31, daysIn(year) === 366 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
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
