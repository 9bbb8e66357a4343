import { MeshOptionError } from './option-error.ts';

/** One option: its default, its check and its documentation. */
export interface OptionRow<Name extends string, Fallback = unknown> {
  readonly name: Name;
  /** What is accepted, as shown in documentation and errors. */
  readonly accepts: string;
  readonly fallback: Fallback;
  readonly isValid: (value: unknown) => boolean;
  /** What it does. */
  readonly does: string;
  /** Why the default is what it is. */
  readonly reason: string;
}

/** A timer that is asked for more fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** For rows of a table: what is accepted, and its check. */
export const accepted = {
  limitMs: {
    accepts: 'milliseconds > 0 (at most 24 days), or Infinity',
    isValid: (value: unknown) => (isPauseMs(value) && value > 0 ? true : value === Number.POSITIVE_INFINITY),
  },
  pauseMs: { accepts: 'milliseconds >= 0', isValid: isPauseMs },
  count: {
    accepts: 'an integer >= 0',
    isValid: (value: unknown) => Number.isInteger(value) && (value as number) >= 0,
  },
  callback: { accepts: 'a function', isValid: (value: unknown) => typeof value === 'function' },
  logger: {
    accepts: 'an object with debug, info, warn and error, such as a pino logger',
    isValid: isLogger,
  },
} as const;

/** The fallbacks of a table. */
export function fallbacks<Name extends string>(rows: readonly OptionRow<Name>[]): { [key in Name]: unknown } {
  return Object.fromEntries(rows.map(({ name, fallback }) => [name, fallback])) as { [key in Name]: unknown };
}

/**
 * Checks options and lays them over what an absent or undefined one means.
 *
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function checkedOptions<Name extends string>(
  rows: ReadonlyMap<string, OptionRow<Name>>,
  options: object,
  base: { readonly [key in Name]: unknown },
): { [key in Name]: unknown } {
  const settings: { [key in Name]: unknown } = { ...base };
  for (const [name, value] of Object.entries(options)) {
    const row = rows.get(name);
    if (row === undefined) {
      throw new MeshOptionError(`unknown option "${name}": the options are ${[...rows.keys()].join(', ')}`);
    }
    if (value === undefined) continue;
    if (!row.isValid(value)) throw new MeshOptionError(`option ${name} must be ${row.accepts}, got ${shown(value)}`);
    settings[row.name] = value;
  }
  return settings;
}

function isPauseMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= longestTimerMs;
}

function isLogger(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const methods = value as { readonly [name: string]: unknown };
  return ['debug', 'info', 'warn', 'error'].every((name) => typeof methods[name] === 'function');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
