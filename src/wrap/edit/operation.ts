import type { Path } from '../../check/read/values.ts';

/** One change of one object; paths start at the object. No two operations of a plan concern one value. */
export type Operation =
  /** A key that is not there yet, or has no value, below the last one of `after` that is; `after: []` puts it first. */
  | { readonly op: 'add'; readonly path: Path; readonly value: unknown; readonly after?: readonly string[] | undefined }
  /** Replaces an item of a list by others; `count` 0 only adds. The list has items. */
  | {
      readonly op: 'splice';
      readonly path: Path;
      readonly index: number;
      readonly count: number;
      readonly items: readonly unknown[];
    }
  /** Another value for a scalar. */
  | { readonly op: 'replace'; readonly path: Path; readonly value: string }
  | { readonly op: 'remove'; readonly path: Path };

/** The same data with the operations carried out. Nothing of the result is shared with the data. */
export function applyToData(data: unknown, operations: readonly Operation[]): unknown {
  const result: unknown = JSON.parse(JSON.stringify(data));
  // Removals go last and from the end: they move the indexes of what follows.
  const ordered = [...operations.filter(({ op }) => op !== 'remove'), ...removalsOf(operations)];
  for (const operation of ordered) applyOne(result, operation);
  return result;
}

export function removalsOf(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(({ op }) => op === 'remove').toSorted((a, b) => comparePaths(b.path, a.path));
}

function comparePaths(a: Path, b: Path): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left ?? '') < String(right ?? '') ? -1 : 1;
  }
  return 0;
}

type Container = Record<string | number, unknown>;

function applyOne(root: unknown, { path, ...operation }: Operation): void {
  const last = path.at(-1) as string | number;
  let holder = root as Container;
  for (const step of path.slice(0, -1)) {
    holder[step] ??= {};
    holder = holder[step] as Container;
  }
  if (operation.op === 'remove') {
    if (Array.isArray(holder)) holder.splice(last as number, 1);
    else delete holder[last];
  } else if (operation.op === 'splice') {
    (holder[last] as unknown[]).splice(operation.index, operation.count, ...operation.items);
  } else holder[last] = operation.value;
}
