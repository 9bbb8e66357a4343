/** What somebody who writes this means; undefined: it is no word for yes or no. */
export function meaningOf(value: string): 'true' | 'false' | undefined {
  if (/^(y|yes|true|on|1|enabled)$/i.test(value)) return 'true';
  return /^(n|no|false|off|0|disabled)$/i.test(value) ? 'false' : undefined;
}
