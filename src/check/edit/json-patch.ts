import { type Dict, isDict, type Path, valueAt } from '../read/values.ts';
import { inOrder, type Operation } from './operation.ts';
import { pointer } from './pointer.ts';

/** An operation of RFC 6902, as `kubectl patch --type=json` takes it. */
export interface JsonPatchOperation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The operations on an object, in the order in which they can be carried out one after the other. */
export function jsonPatchOf(data: Dict, operations: readonly Operation[]): JsonPatchOperation[] {
  return inOrder(operations).flatMap((operation) => patchOf(data, operation));
}

function patchOf(data: Dict, operation: Operation): JsonPatchOperation[] {
  const { path } = operation;
  switch (operation.op) {
    case 'set':
      return [addition(data, path, operation.value)];
    case 'append':
      return Array.isArray(valueAt(data, path))
        ? [{ op: 'add', path: `${pointer(path)}/-`, value: operation.value }]
        : [addition(data, path, [operation.value])];
    case 'splice': {
      const at = pointer([...path, operation.index]);
      const gone = Array.from({ length: operation.count }, (): JsonPatchOperation => ({ op: 'remove', path: at }));
      // Each before the one that was added last.
      const added = operation.items.toReversed().map((value): JsonPatchOperation => ({ op: 'add', path: at, value }));
      return [...gone, ...added];
    }
    case 'rename': {
      const to = pointer([...path.slice(0, -1), operation.to]);
      return [
        { op: 'add', path: to, value: valueAt(data, path) },
        { op: 'remove', path: pointer(path) },
      ];
    }
    case 'remove':
      return [{ op: 'remove', path: pointer(path) }];
  }
}

/** RFC 6902 adds to a parent that exists, so the first missing one is added with all that belongs below it. */
function addition(data: Dict, path: Path, value: unknown): JsonPatchOperation {
  let depth = 1;
  while (depth < path.length && isContainer(valueAt(data, path.slice(0, depth)))) depth += 1;
  const nested = path.slice(depth).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const exists = depth === path.length && valueAt(data, path) !== undefined;
  return { op: exists ? 'replace' : 'add', path: pointer(path.slice(0, depth)), value: nested };
}

function isContainer(value: unknown): boolean {
  return isDict(value) || Array.isArray(value);
}
