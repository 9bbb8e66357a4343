import type { Observation, Question } from '../ask/question.ts';
import type { ServerInfo } from '../ask/server-info.ts';

/**
 * One thing that must be ready, as a state machine without I/O: it says what to ask next, is told what came of it, and
 * says what follows.
 */
export interface Gate {
  /** The name of what is waited for, for people. */
  readonly subject: string;
  /** The question to ask now. The same until `observe` is called. */
  next(): Question;
  /**
   * Where it answers `not-yet`, and the next question is the same one, the same observation would be answered alike: it
   * need not be told again.
   */
  observe(observation: Observation): Verdict;
}

export type Verdict =
  /** Ask the next question at once. */
  | { readonly kind: 'ask' }
  /** Not ready; ask again after a pause. `absent`: nothing listens at all. */
  | { readonly kind: 'not-yet'; readonly reason: string; readonly absent: boolean }
  | { readonly kind: 'ready'; readonly proof: string; readonly serverInfo?: ServerInfo };

export const ask: Verdict = { kind: 'ask' };

export function notYet(reason: string, absent = false): Verdict {
  return { kind: 'not-yet', reason, absent };
}

/** What came of a question in one phrase: `http://localhost:15021/healthz/ready says 503`. */
export function describeObservation({ endpoint }: Question, observation: Observation): string {
  switch (observation.kind) {
    case 'connected':
      return `${endpoint.text} accepts connections`;
    case 'spoken':
      return `${endpoint.text} ${observation.detail}`;
    case 'reply':
      return `${endpoint.text} says ${observation.status}`;
    case 'failed':
      return observation.detail.includes('connect ')
        ? `${endpoint.text}: ${observation.detail}`
        : `${endpoint.text} gave no usable answer: ${observation.detail}`;
  }
}
