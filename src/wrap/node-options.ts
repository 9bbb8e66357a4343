import type { Operation } from '../check/edit/operation.ts';
import type { Container } from '../check/model/pod.ts';
import { dict, list, text } from '../check/read/values.ts';
import { addEnv } from './container-operations.ts';
import { preloadOption } from './pod-parts.ts';

/**
 * Puts the preload first in NODE_OPTIONS: Node ignores what follows a word without a dash, and `$(NODE_OPTIONS)` is one where there
 * is nothing to put in. Of several entries the last one counts. `ofImage`: the value that the image has, which an entry hides.
 */
export function nodeOptionsChange(
  { data, path }: Container,
  ofImage: string | undefined,
): { readonly operation: Operation; readonly before: null | string } {
  const entries = list(data.env).map(dict);
  const at = entries.findLastIndex(({ name }) => name === 'NODE_OPTIONS');
  const entry = entries[at];
  const envPath = [...path, 'env'];
  const add = (rest: string | undefined) =>
    addEnv({ data, path }, { name: 'NODE_OPTIONS', value: [preloadOption, ...(rest ? [rest] : [])].join(' ') });
  // A value from elsewhere is taken up by a second entry of the name.
  const referring = '$(NODE_OPTIONS)';
  if (entry === undefined) return { operation: add(data.envFrom === undefined ? ofImage : referring), before: null };
  const own = text(entry.value);
  if (own === undefined) return { operation: add(referring), before: null };
  const value = `${preloadOption} ${own}`.trim();
  return { operation: { op: 'set', path: [...envPath, at, 'value'], value }, before: own };
}
