/** Below 0 where `a` is older than `b`, number by number: 1.9 is older than 1.10. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
