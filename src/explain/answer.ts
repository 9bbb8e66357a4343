import { type CauseId, causes } from './causes/index.ts';
import { sources } from './causes/sources.ts';
import type { Certainty, Facts, Finding } from './decide/finding.ts';
import { fill, fillCommand } from './words/fill.ts';

/** What is told of a finding: texts with all facts in their places. For people and, as JSON, for programs. */
export interface Answer {
  readonly cause: CauseId;
  readonly says: string;
  readonly sure: Certainty;
  readonly because: string;
  readonly now: string;
  readonly next: readonly string[];
  /** What it may be instead, and what tells it. */
  readonly or: readonly { readonly cause: CauseId; readonly when: string }[];
  readonly rules: readonly string[];
  readonly more: string;
}

export function answerOf({ cause, sure, because, facts, or }: Finding): Answer {
  const { says, now, next, or: others, rules, source } = causes[cause];
  return {
    cause,
    says: fill(says, facts),
    sure,
    because,
    now: fill(now, facts),
    next: next.map((command) => fillCommand(command, facts)),
    or: (or ?? (others as readonly CauseId[])).map((other) => ({ cause: other, when: causes[other].tell })),
    rules,
    more: sources[source],
  };
}

/** What a cause says where nothing more is known. */
export function saysOf(cause: CauseId, facts: Facts = {}): string {
  return fill(causes[cause].says, facts);
}
