import { isDeepStrictEqual } from 'node:util';
import { restoreContinuations } from '../read/continuations.ts';
import { parseDocument } from '../read/kube-yaml.ts';
import { applyToData } from './apply-to-data.ts';
import type { Operation } from './operation.ts';
import { spliceOf } from './splice-of.ts';
import { applySplices, type TextSplice } from './text-splice.ts';
import { isJsonText } from './text-style.ts';

/**
 * Carries out operations on the text of one document and touches no other byte: comments, order, indentation, quotes and the
 * ends of lines stay. Paths start at the document's root. Undefined where the text does not let that be done: an anchor that
 * others use, or a shape that nobody writes.
 */
export function editText(text: string, operations: readonly Operation[]): string | undefined {
  // To YAML and JSON both ends of a line are one.
  if (/\r\n/.test(text) && !/(?<!\r)\n/.test(text))
    return editText(text.replaceAll('\r\n', '\n'), operations)?.replaceAll('\n', '\r\n');
  if (text.endsWith('\n')) return editLines(text, operations);
  // The last line of a file may lack its end; so it stays.
  return editLines(`${text}\n`, operations)?.replace(/\n$/, '');
}

function editLines(whole: string, operations: readonly Operation[]): string | undefined {
  const { tree, text, indented } = parseDocument(whole);
  if (tree === undefined || tree.errors.length > 0) return undefined;
  const json = isJsonText(whole);
  const splices: TextSplice[] = [];
  for (const operation of operations) {
    const splice = spliceOf({ text, tree, json }, operation);
    if (splice === undefined) return undefined;
    // What two objects share by an alias is changed once.
    if (!splices.some((other) => isDeepStrictEqual(other, splice))) splices.push(splice);
  }
  const edited = applySplices(text, splices);
  if (edited === undefined || (json && !isJsonText(edited))) return undefined;
  if (!hasData(edited, applyToData(tree.toJS(), operations))) return undefined;
  return indented === undefined ? edited : restoreContinuations(edited, indented);
}

/** Whether a document says this and nothing else. */
export function hasData(text: string, wanted: unknown): boolean {
  const { tree } = parseDocument(text);
  return tree !== undefined && tree.errors.length === 0 && isDeepStrictEqual(plain(tree.toJS()), plain(wanted));
}

function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data ?? null));
}
