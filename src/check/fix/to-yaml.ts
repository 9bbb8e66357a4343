import { stringify } from 'yaml';
import type { Dict } from '../read/values.ts';

/** An object as people write it. */
export function toYaml(data: Dict): string {
  return stringify(data, { lineWidth: 0 });
}
