import type { sources } from './sources.ts';

/**
 * One thing that goes wrong in a mesh. Texts may name facts of what was explained: `{service}` is the fact, `{service|the
 * service}` has the words for where it is not known.
 */
export interface Cause {
  /** One sentence: what happened, and why. */
  readonly says: string;
  /** What ends it now; what mends it for good may come later. */
  readonly now: string;
  /** The commands to run next, most telling first; each fits a line. */
  readonly next: readonly string[];
  /** By what this cause is told from those that look alike: finishes the sentence "it is this one when". */
  readonly tell: string;
  /** What it may be instead, most frequent first: ids of causes. */
  readonly or: readonly string[];
  /** Rules of `mesh-shim check` that find it in manifests. */
  readonly rules: readonly string[];
  /** The page that says more. */
  readonly source: keyof typeof sources;
  /** How much it matters in a log, in this order: a `root` is behind all else, a `refusal` is as configured. */
  readonly weight: Weight;
}

export const weights = ['root', 'fault', 'refusal', 'client', 'fine'] as const;
export type Weight = (typeof weights)[number];

export type CauseTable = Readonly<Record<string, Cause>>;
