import { type Path, valueAt } from '../read/values.ts';

/** One change of the data of a document, or of an object in it. */
export type Operation =
  /**
   * Sets a value and makes the maps on the way. A key that is new goes below the last one of `after` that is there, or behind
   * all others; `after: []` puts it first.
   */
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown; readonly after?: readonly string[] | undefined }
  /** Adds to the end of a list and makes it where there is none. */
  | { readonly op: 'append'; readonly path: Path; readonly value: unknown }
  /** Replaces items of a list by others; `count` 0 only adds. The list has items. */
  | {
      readonly op: 'splice';
      readonly path: Path;
      readonly index: number;
      readonly count: number;
      readonly items: readonly unknown[];
    }
  /** Gives the last key of a path another name, in its place. */
  | { readonly op: 'rename'; readonly path: Path; readonly to: string }
  | { readonly op: 'remove'; readonly path: Path };

export type OperationOf<Op extends Operation['op']> = Extract<Operation, { op: Op }>;

/** The same operations, of an object that stands at `root`. */
export function below(root: Path, operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) => ({ ...operation, path: [...root, ...operation.path] }));
}

/** As they can be carried out one after the other: removals last and from the end, since they move what follows. */
export function inOrder(operations: readonly Operation[]): readonly Operation[] {
  const removals = operations.filter(({ op }) => op === 'remove').toSorted((a, b) => comparePaths(b.path, a.path));
  return [...operations.filter(({ op }) => op !== 'remove'), ...removals];
}

/** In the order of a document, as far as lists go; what stands in a value comes behind it. */
export function comparePaths(a: Path, b: Path): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left ?? '') < String(right ?? '') ? -1 : 1;
  }
  return 0;
}

/** What goes with a value: of the maps and lists around it those that would be left empty, but never the first `least` steps. */
export function withEmptyParents(data: unknown, path: Path, least: number): Path {
  let gone = path;
  while (gone.length > least && sizeOf(valueAt(data, gone.slice(0, -1))) === 1) gone = gone.slice(0, -1);
  return gone;
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
