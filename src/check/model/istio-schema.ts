import { istioSchemaText } from './istio-schema-table.ts';

/** A name, or a name with the first and the last minor version of Istio that has it. */
type Ranged = string | readonly [name: string, since: number, until?: number];

/**
 * A place in Istio's kinds: the word for a plain type; by release (`v`); a list of `l` of at least `min`; a map to `m`; one of
 * the values `e`; or an object of the fields `f`, of which `r` are required and of each group in `o` one at most may be there.
 * A field is the number of a node, or that with the releases that have it.
 */
export type SchemaNode =
  | string
  | { readonly v: readonly (readonly [since: number, until: number, node: number])[] }
  | { readonly l: number; readonly min?: number }
  | { readonly m: number }
  | { readonly e: readonly Ranged[] }
  | {
      readonly f: Readonly<Record<string, number | readonly [node: number, since: number, until?: number]>>;
      readonly r?: readonly Ranged[];
      readonly o?: readonly Ranged[];
    };

export interface SchemaTable {
  readonly kinds: Readonly<Record<string, { readonly versions: readonly Ranged[]; readonly spec: number }>>;
  readonly nodes: readonly SchemaNode[];
}

/** The releases of Istio, by minor version, that have a name. */
export interface Releases {
  readonly since: number;
  /** Undefined: the newest has it. */
  readonly until: number | undefined;
}

export interface ObjectSchema {
  /** Fields that this release has. */
  readonly fields: ReadonlyMap<string, number>;
  /** Fields that only other releases have. */
  readonly others: ReadonlyMap<string, Releases>;
  readonly required: readonly string[];
  readonly exclusive: readonly (readonly string[])[];
}

let parsed: SchemaTable | undefined;

/** What was recorded of every release that the checker knows. */
export function recordedSchemas(): SchemaTable {
  parsed ??= JSON.parse(istioSchemaText) as SchemaTable;
  return parsed;
}

/** Istio's kinds as the CRDs of one release have them. */
export class IstioSchema {
  readonly #minor: number;
  readonly #table: SchemaTable;
  readonly #objects = new Map<number, ObjectSchema>();

  constructor(release: string, table: SchemaTable = recordedSchemas()) {
    this.#table = table;
    this.#minor = Number(release.split('.')[1]);
  }

  /** The node of a kind's spec; undefined for a kind that no release has. */
  specOf({ group, kind }: { readonly group: string; readonly kind: string }): number | undefined {
    return Object.hasOwn(this.#table.kinds, `${group}/${kind}`)
      ? this.#table.kinds[`${group}/${kind}`]?.spec
      : undefined;
  }

  /** Versions of a kind's API: those that this release serves, and those of others. */
  versionsOf({ group, kind }: { readonly group: string; readonly kind: string }) {
    const all = this.#table.kinds[`${group}/${kind}`]?.versions ?? [];
    return { served: this.#names(all), others: new Map(all.flatMap((entry) => this.#elsewhere(entry))) };
  }

  node(index: number): Exclude<SchemaNode, { readonly v: unknown }> {
    const node = this.#table.nodes[index] ?? 'any';
    if (typeof node === 'string' || !('v' in node)) return node;
    const run = node.v.find(([, until]) => this.#minor <= until) ?? node.v.at(-1);
    return run === undefined ? 'any' : this.node(run[2]);
  }

  object(index: number): ObjectSchema | undefined {
    const known = this.#objects.get(index);
    if (known !== undefined) return known;
    const node = this.node(index);
    if (typeof node === 'string' || !('f' in node)) return undefined;
    const fields = new Map<string, number>();
    const others = new Map<string, Releases>();
    for (const [name, entry] of Object.entries(node.f)) {
      const [field, since, until] = typeof entry === 'number' ? [entry] : entry;
      if (this.#has(since, until)) fields.set(name, field);
      else others.set(name, { since: since ?? 0, until });
    }
    const exclusive = this.#names(node.o ?? []).map((group) => group.split(' '));
    const schema = { fields, others, required: this.#names(node.r ?? []), exclusive };
    this.#objects.set(index, schema);
    return schema;
  }

  /** The values of an enum. */
  values(entries: readonly Ranged[]): readonly string[] {
    return this.#names(entries);
  }

  #names(entries: readonly Ranged[]): string[] {
    return entries.flatMap((entry) => {
      if (typeof entry === 'string') return [entry];
      const [name, since, until] = entry;
      return this.#has(since, until) ? [name] : [];
    });
  }

  #elsewhere(entry: Ranged): [string, Releases][] {
    if (typeof entry === 'string' || this.#has(entry[1], entry[2])) return [];
    return [[entry[0], { since: entry[1], until: entry[2] }]];
  }

  #has(since = 0, until = Number.POSITIVE_INFINITY): boolean {
    return since <= this.#minor && this.#minor <= until;
  }
}
