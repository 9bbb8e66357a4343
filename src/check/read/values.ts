/** Readers for documents of which nothing is promised: a wrong shape reads as absent, never as an exception. */
export type Dict = Readonly<Record<string, unknown>>;

/** Where a value stands in a document: keys and list indexes from its root. */
export type Path = readonly (string | number)[];

const emptyDict: Dict = {};

export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function dict(value: unknown): Dict {
  return isDict(value) ? value : emptyDict;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function int(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/**
 * Labels and annotations: the API server takes strings only, so anything else is left out here. The answer inherits
 * nothing: a label that is called `constructor` is there only where the manifest has it.
 */
export function texts(value: unknown): Readonly<Record<string, string>> {
  const strings: Record<string, string> = Object.create(null);
  for (const [key, entry] of Object.entries(dict(value))) if (typeof entry === 'string') strings[key] = entry;
  return strings;
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof step === 'number') value = list(value)[step];
    else value = isDict(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}
