import { isDeepStrictEqual } from 'node:util';
import { restoreContinuations } from '../../check/read/continuations.ts';
import { parseDocument } from '../../check/read/kube-yaml.ts';
import type { Path } from '../../check/read/values.ts';
import { applyToData, type Operation } from './operation.ts';
import { spliceOf, type TextSplice } from './text-splices.ts';

/**
 * Carries out operations on the text of one document and touches no other byte. `root`: the way to the object.
 * Undefined where the text does not let that be done: an anchor that others use, or a shape that nobody writes.
 */
export function editDocument(text: string, root: Path, operations: readonly Operation[]): string | undefined {
  if (text.endsWith('\n')) return editLines(text, root, operations);
  // The last line of a file may lack its end; so it stays.
  return editLines(`${text}\n`, root, operations)?.slice(0, -1);
}

function editLines(text: string, root: Path, operations: readonly Operation[]): string | undefined {
  const { tree, text: parsed, indented } = parseDocument(text);
  if (tree === undefined || tree.errors.length > 0) return undefined;
  const rooted = operations.map((operation): Operation => ({ ...operation, path: [...root, ...operation.path] }));
  const splices: TextSplice[] = [];
  for (const operation of rooted) {
    const splice = spliceOf(parsed, tree, operation);
    if (splice === undefined) return undefined;
    // What two containers share by an alias is changed once.
    if (!splices.some((other) => isDeepStrictEqual(other, splice))) splices.push(splice);
  }
  const edited = applySplices(parsed, splices);
  if (edited === undefined) return undefined;
  const got = parseDocument(edited).tree;
  const isAsWanted =
    got !== undefined &&
    got.errors.length === 0 &&
    isDeepStrictEqual(plain(got.toJS()), applyToData(tree.toJS(), rooted));
  if (!isAsWanted) return undefined;
  return indented === undefined ? edited : restoreContinuations(edited, indented);
}

function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

/** From the end, so that offsets stay true; of several at one place the first one's text comes first. */
function applySplices(text: string, splices: readonly TextSplice[]): string | undefined {
  const ordered = splices.map((splice, order) => ({ ...splice, order }));
  ordered.sort((a, b) => b.start - a.start || b.end - a.end || b.order - a.order);
  let result = text;
  let limit = text.length;
  for (const { start, end, text: by } of ordered) {
    if (end > limit) return undefined;
    result = result.slice(0, start) + by + result.slice(end);
    limit = start;
  }
  return result;
}
