import type { CauseId } from '../causes/index.ts';

/** How much the text says: it names the cause; it fits it best; it fits several. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** What a text of somebody's means. */
export interface Finding {
  readonly cause: CauseId;
  readonly sure: Certainty;
  /** What decided it, as a clause: `the details say "route_not_found"`. */
  readonly because: string;
  /** For the places of the cause's texts: service, port, policy and the like. */
  readonly facts: Facts;
  /** In place of what the cause may be instead. */
  readonly or?: readonly CauseId[];
}

export type Facts = Readonly<Record<string, string>>;
