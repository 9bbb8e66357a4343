import { isScalar } from 'yaml';
import { walkTree } from '../read/tree.ts';
import type { OperationOf } from './operation.ts';
import type { TextSplice } from './text-splice.ts';
import type { ParsedDocument } from './text-style.ts';
import { quoteAt, quotedText, scalarText } from './value-text.ts';

export function renaming({ text, tree }: ParsedDocument, { path, to }: OperationOf<'rename'>): TextSplice | undefined {
  const steps = walkTree(tree, path);
  const key = steps.length === path.length ? steps.at(-1)?.pair?.key : undefined;
  if (!isScalar(key) || !key.range) return undefined;
  const [start, end] = key.range;
  const written = text.slice(start, end);
  const quote = quoteAt(text, start);
  // Whoever writes a port as a key needs no quotes for another one: Kubernetes takes each key for a text.
  const isBare = quote === undefined && scalarText(written) !== written;
  return { start, end, text: isBare ? to : quotedText(to, quote) };
}
