import type { Link } from './links.ts';
import type { Observation } from './question.ts';
import type { TransportError } from './transport.ts';

/** What an exchange sees of the attempt that it is part of. */
export interface AttemptState {
  link: Link | undefined;
  sent: boolean;
  /** Ends the attempt with what was seen. */
  done(observation: Observation): void;
  fail(kind: TransportError['kind'] | 'protocol' | 'too-large', detail: string): void;
}
