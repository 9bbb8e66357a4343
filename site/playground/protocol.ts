import type { Census } from '../../src/check/model/census.ts';
import type { Severity } from '../../src/check/rules/shared/rule.ts';

export interface PlaygroundFile {
  readonly name: string;
  readonly text: string;
}

/** What the page asks of the worker. `id` counts up: an answer to an older question is passed over. */
export type Question =
  | { readonly ask: 'check'; readonly id: number; readonly files: readonly PlaygroundFile[] }
  /** Findings of a check, by their numbers; there is no answer where another check has come since. */
  | { readonly ask: 'fix'; readonly id: number; readonly of: number; readonly findings: readonly number[] }
  | { readonly ask: 'explain'; readonly id: number; readonly text: string };

/** Something that is said at a place. */
export interface Marked {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  readonly message: string;
}

export interface ShownFinding extends Marked {
  /** Its number in the check: what `fix` takes. */
  readonly index: number;
  readonly rule: string;
  readonly object: string;
  /** What the fix does, where there is one that changes the files or makes new ones. */
  readonly fix?: string;
  readonly certain: boolean;
}

export type Answer =
  | {
      readonly ask: 'check';
      readonly id: number;
      readonly findings: readonly ShownFinding[];
      readonly census: Census;
      readonly objects: number;
      /** What could not be read. */
      readonly unread: readonly Marked[];
      readonly ms: number;
    }
  | {
      readonly ask: 'fix';
      readonly id: number;
      readonly changed: readonly PlaygroundFile[];
      readonly created: readonly string[];
    }
  | { readonly ask: 'explain'; readonly id: number; readonly text: string }
  | { readonly ask: 'failed'; readonly id: number; readonly message: string };
