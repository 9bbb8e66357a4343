import { stringify } from 'yaml';

/** A text, number or boolean as YAML 1.1 and 1.2 read it alike. */
export function scalarText(value: unknown): string {
  const needsQuotes =
    typeof value === 'string' && (/^(true|false|yes|no|on|off|null|~|[\d.+-].*)$/i.test(value) || value === '');
  return needsQuotes ? JSON.stringify(value) : stringify(value, { lineWidth: 0, schema: 'yaml-1.1' }).trimEnd();
}
