import type { Shape } from './crd-shape.ts';

/** A shape of one release, by its minor version. */
export type Released = readonly [minor: number, shape: Shape];

/** Numbers of nodes in the table stand for shapes; each different one is there once. */
export class ShapeTable {
  readonly nodes: unknown[] = [];
  readonly #known = new Map<string, number>();

  /** One node for what a place is in several releases. */
  merge(all: readonly Released[]): number {
    const runs = runsOf(all, kindOf);
    if (runs.length > 1) return this.#add({ v: runs.map((run) => [run[0]?.[0], run.at(-1)?.[0], this.merge(run)]) });
    const shape = all.at(-1)?.[1] as Shape;
    if ('leaf' in shape) return this.#add(shape.leaf);
    if ('values' in shape) return this.#add({ e: ranged(all, (one) => ('values' in one ? one.values : [])) });
    if ('list' in shape) {
      const lists = all.flatMap(([minor, one]) => ('list' in one ? [[minor, one.list] as const] : []));
      return this.#add(shape.min > 0 ? { l: this.merge(lists), min: shape.min } : { l: this.merge(lists) });
    }
    if ('map' in shape) {
      return this.#add({
        m: this.merge(all.flatMap(([minor, one]) => ('map' in one ? [[minor, one.map] as const] : []))),
      });
    }
    return this.#object(all);
  }

  #object(all: readonly Released[]): number {
    const objects = all.flatMap(([minor, one]) => ('fields' in one ? [{ minor, ...one }] : []));
    const names = [...new Set(objects.flatMap(({ fields }) => Object.keys(fields)))].toSorted();
    const fields = names.map((name) => {
      const having = objects.flatMap(({ minor, fields: { [name]: field } }) =>
        field ? [[minor, field] as const] : [],
      );
      const range = rangeOf(
        all.map(([minor]) => minor),
        having.map(([minor]) => minor),
      );
      const node = this.merge(having);
      return [name, range === undefined ? node : [node, ...range]];
    });
    const required = ranged(all, (one) => ('fields' in one ? one.required : []));
    const groups = ranged(all, (one) => ('fields' in one ? one.exclusive.map((group) => group.join(' ')) : []));
    return this.#add({
      f: Object.fromEntries(fields),
      ...(required.length > 0 && { r: required }),
      ...(groups.length > 0 && { o: groups }),
    });
  }

  #add(node: unknown): number {
    const key = JSON.stringify(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }
}

/** First and last release, where they are not those of all; the last is left out where the newest has it. */
export function rangeOf(all: readonly number[], having: readonly number[]): readonly number[] | undefined {
  const [first = 0, last = 0] = [having[0], having.at(-1)];
  if (last !== all.at(-1)) return [first, last];
  return first === all[0] ? undefined : [first];
}

function ranged(all: readonly Released[], namesOf: (shape: Shape) => readonly string[]): unknown[] {
  const names = [...new Set(all.flatMap(([, shape]) => namesOf(shape)))];
  return names.map((name) => {
    const having = all.filter(([, shape]) => namesOf(shape).includes(name)).map(([minor]) => minor);
    const range = rangeOf(
      all.map(([minor]) => minor),
      having,
    );
    return range === undefined ? name : [name, ...range];
  });
}

function kindOf(shape: Shape): string {
  if ('leaf' in shape) return shape.leaf;
  if ('list' in shape) return `list of ${shape.min}`;
  return Object.keys(shape)[0] ?? '';
}

function runsOf(all: readonly Released[], keyOf: (shape: Shape) => string): Released[][] {
  const runs: Released[][] = [];
  for (const one of all) {
    const last = runs.at(-1);
    if (last?.[0] !== undefined && keyOf(last[0][1]) === keyOf(one[1])) last.push(one);
    else runs.push([one]);
  }
  return runs;
}
