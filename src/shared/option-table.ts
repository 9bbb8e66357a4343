import { MeshOptionError, type OptionFault } from './mesh-option-error.ts';

/** What an option accepts, and how that is checked. */
export interface Accepted {
  /** Completes "must be", in errors and documentation. */
  readonly accepts: string;
  /** Of numbers that have one. */
  readonly unit?: 'ms' | undefined;
  /** What is wrong with a value, undefined where nothing is; `at` is relative to the value: empty, `[0].run`. */
  readonly faultOf: (value: unknown) => OptionFault | undefined;
}

/** One option: what it accepts, its default and its documentation. */
export interface OptionRow<Name extends string = string, Value = unknown> extends Accepted {
  readonly name: Name;
  /** What an absent or undefined option means. */
  readonly default?: Value | undefined;
  /** The default in a pod of Kubernetes, where that is another one. */
  readonly inKubernetes?: Value | undefined;
  /** The default in words, where its value does not say it. */
  readonly defaultText?: string | undefined;
  /** There is no default: it must be given. */
  readonly required?: boolean | undefined;
  /** What it does: Markdown, in sentences. */
  readonly text: string;
  /** Why the default is what it is. */
  readonly reason?: string | undefined;
}

/** All options of an interface, every one set but for those without a default. */
export type AllSet<Options, Unset extends keyof Options = never> = {
  readonly [Name in Exclude<keyof Options, Unset>]-?: Exclude<Options[Name], undefined>;
} & { readonly [Name in Unset]: Options[Name] };

/** The options of one function. `Settings` is what they are once the defaults are filled in. */
export type OptionTable<Settings> = readonly OptionRow<keyof Settings & string, Settings[keyof Settings]>[];

type RowSpec<Value> = Omit<OptionRow<string, Value>, 'name' | 'default' | 'required'> &
  ({ readonly default: Value } | { readonly required: true });

/** Makes a table of rows by name: the compiler holds the names and the defaults to the settings. */
export function optionTable<Settings>(
  rows: {
    readonly [Name in keyof Settings & string]: RowSpec<Settings[Name]>;
  },
): OptionTable<Settings> {
  const entries = Object.entries<RowSpec<Settings[keyof Settings & string]>>(rows);
  return entries.map(([name, row]) => ({ ...row, name: name as keyof Settings & string }));
}

/** What the options of a table mean where none is given. */
export function defaultsOf<Settings>(table: OptionTable<Settings>, inKubernetes = false): Settings {
  const entries = table.map((row) => [row.name, inKubernetes ? (row.inKubernetes ?? row.default) : row.default]);
  return Object.freeze(Object.fromEntries(entries)) as Settings;
}

/** Checks options and lays them over `base`, which is what an absent or undefined one means. */
export type OptionReader<Settings> = (
  /** The function that was called, for errors. */
  caller: string,
  options: unknown,
  base?: Settings,
  /** How the options are reached, where they are not the function's own: `meshRetry`. */
  path?: string,
) => Settings;

/** The reader of a table; it throws MeshOptionError for an unknown name and for a value that is not accepted. */
export function createOptionReader<Settings extends object>(table: OptionTable<Settings>): OptionReader<Settings> {
  const faultOf = optionsFault(table);
  const defaults = defaultsOf(table);
  return (caller, options = {}, base = defaults, path = '') => {
    const fault = faultOf(options);
    if (fault !== undefined) {
      const at = fault.at === '' ? path || 'options' : `${path}${path === '' ? fault.at.slice(1) : fault.at}`;
      throw new MeshOptionError(caller, { ...fault, at });
    }
    const given = Object.entries(options as object).filter(([, value]) => value !== undefined);
    return { ...base, ...Object.fromEntries(given) };
  };
}

/** @throws MeshOptionError for an argument that is not accepted */
export function assertArgument(caller: string, name: string, accepted: Accepted, value: unknown): void {
  const fault = accepted.faultOf(value);
  if (fault !== undefined) throw new MeshOptionError(caller, { ...fault, at: name + fault.at });
}

/**
 * Checks what is ours in an object that has more than our options.
 *
 * @throws MeshOptionError for an option that is not accepted
 */
export function assertKnownOptions(caller: string, path: string, table: readonly OptionRow[], object: unknown): void {
  if (typeof object !== 'object' || object === null) {
    throw new MeshOptionError(caller, { at: path, value: object, accepts: 'an object' });
  }
  for (const row of table) {
    const value = (object as { readonly [name: string]: unknown })[row.name];
    if (value === undefined && !row.required) continue;
    const fault = row.faultOf(value);
    if (fault !== undefined) throw new MeshOptionError(caller, { ...fault, at: `${path}.${row.name}${fault.at}` });
  }
}

/** The check of an object of options: its first fault, at `.NAME` and what follows. */
export function optionsFault(table: readonly OptionRow[]): Accepted['faultOf'] {
  const rows = new Map(table.map((row) => [row.name, row]));
  const required = table.filter((row) => row.required);
  return (options) => {
    if (!isObject(options)) return { at: '', value: options, accepts: 'an object' };
    for (const [name, value] of Object.entries(options)) {
      const row = rows.get(name);
      if (row === undefined) {
        const known = [...rows.keys()];
        return { at: `.${name}`, value, accepts: `one of the options ${known.join(', ')}`, unknownName: name, known };
      }
      const fault = value === undefined ? undefined : row.faultOf(value);
      if (fault !== undefined) return { ...fault, at: `.${name}${fault.at}` };
    }
    const missing = required.find(({ name }) => options[name] === undefined);
    return missing && { at: `.${missing.name}`, value: undefined, accepts: missing.accepts };
  };
}

/** An object with fields: not a list, a Map or the like. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
