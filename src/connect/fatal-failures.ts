import { type FatalFailure, fatalFailures } from './fatal-failure-table.ts';

/** How deep errors are wrapped at most: a client's own, around a driver's, around Node's. */
const deepestCause = 6;

/**
 * Why a failure to connect cannot be cured by repetition: `wrong password`. Undefined where it may, and where nothing is known.
 * Looks into `cause` and into the errors of an AggregateError.
 */
export function fatalReason(error: unknown): string | undefined {
  return search(error, deepestCause);
}

function search(error: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof error !== 'object' || error === null) return undefined;
  const found = fatalFailures.find((failure) => isOne(error, failure));
  if (found) return found.reason;
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown };
  const inner = search(cause, depth - 1);
  if (inner !== undefined || !Array.isArray(errors)) return inner;
  // Several addresses were tried: another one may do unless all failed so.
  const reasons = errors.map((one) => search(one, depth - 1));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function isOne(error: object, { field, values }: FatalFailure): boolean {
  const fields = error as { readonly [name: string]: unknown };
  const value = fields[field];
  if (field !== 'message') return values.includes(value as string | number);
  return typeof value === 'string' && values.some((part) => value.includes(String(part)));
}
