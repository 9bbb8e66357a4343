import type { Endpoint } from '../ask/endpoint.ts';
import { isAbsent, isUnconnected, type Observation, type Question } from '../ask/question.ts';
import type { ServerInfo } from '../ask/server-info.ts';
import type { Mesh } from '../profiles/profiles.ts';

/** What a gate is to those who wait at it. */
export interface GateKind {
  /** The name of what is waited for, for people. */
  readonly subject: string;
  /** Whose sidecar it is; undefined: not a sidecar. */
  readonly mesh?: Mesh | undefined;
  /** What a person must do about some causes, in place of the general advice. */
  readonly advice?: Readonly<Partial<Record<NotYetCause, string>>> | undefined;
  /** Whether it is an Envoy whose admin can lie elsewhere. */
  readonly hasAdmin?: boolean;
}

export function gateKind({ subject, mesh, advice, hasAdmin = false }: GateKind): GateKind {
  return { subject, mesh, advice, hasAdmin };
}

/**
 * One thing that must be ready, as a state machine without I/O: it says what to ask next, is told what came of it, and
 * says what follows.
 */
export interface Gate extends GateKind {
  /** The question to ask now. The same until `observe` is called. */
  next(): Question;
  /**
   * Where it answers `not-yet`, and the next question is the same one, the same observation would be answered alike: it
   * need not be told again.
   */
  observe(observation: Observation): GateVerdict;
  /**
   * After a `not-yet`: addresses of which one must take connections before the gate can open, although they were refused when it
   * was last asked, or may have been. While they are, a question is news for people at most. Empty where none are known.
   */
  closedPorts(): readonly Endpoint[];
}

export type GateVerdict =
  /** Ask the next question at once. */
  | { readonly kind: 'ask' }
  /** Not ready; ask again after a pause. */
  | { readonly kind: 'not-yet'; readonly reason: string; readonly cause: NotYetCause }
  | { readonly kind: 'ready'; readonly proof: string; readonly serverInfo?: ServerInfo };

/** Why something is not ready, as far as what was seen tells. What to do about each is a table: `timed-out.ts`. */
export type NotYetCause =
  /** Nothing listens there at all. */
  | 'absent'
  /** Something is there and gave no usable answer: none in time, a connection that ended, no HTTP. */
  | 'no-answer'
  /** What answers where Envoy's admin should be does not answer as Envoy does. */
  | 'not-envoy'
  /** Envoy's admin lets nobody in, and there is no readiness address to go by. */
  | 'locked'
  | 'initializing'
  | 'draining'
  /** LIVE, but its workers have not started. */
  | 'workers'
  /** LIVE, and what it listens on, or where to, has not arrived or is closed. */
  | 'nothing-served'
  /** LIVE, and Istio's agent says that listeners or clusters are missing: not received, or rejected. */
  | 'configuration'
  /** Nothing listens at the readiness address, although the sidecar runs. */
  | 'no-readiness'
  /** What answers there has no such address (404): another program, or one that was not told to say whether it is ready. */
  | 'not-found'
  /** It answers that it is not ready. */
  | 'says-no'
  /** This process may not ask: that cannot pass. */
  | 'denied';

export const ask: GateVerdict = { kind: 'ask' };

export function notYet(reason: string, cause: NotYetCause): GateVerdict {
  return { kind: 'not-yet', reason, cause };
}

/** The cause where one address alone decides, and what was seen there is not its yes. */
export function causeOf(observation: Observation): NotYetCause {
  if (isAbsent(observation)) return 'absent';
  if (observation.kind === 'failed') return 'no-answer';
  return observation.kind === 'reply' && observation.status === 404 ? 'not-found' : 'says-no';
}

/** What came of a question in one phrase: `http://localhost:15021/healthz/ready says 503`. */
export function describeObservation({ endpoint }: Question, observation: Observation): string {
  const isFile = endpoint.addresses[0]?.kind === 'file';
  switch (observation.kind) {
    case 'connected':
      return `${endpoint.text} ${isFile ? 'is there' : 'accepts connections'}`;
    case 'spoken':
      return `${endpoint.text} ${observation.detail}`;
    case 'reply':
      return `${endpoint.text} says ${observation.status}${reasonIn(observation)}`;
    case 'failed':
      if (isFile) return `${endpoint.text} ${observation.detail}`;
      return isUnconnected(observation)
        ? `${endpoint.text}: ${observation.detail}`
        : `${endpoint.text} gave no usable answer: ${observation.detail}`;
  }
}

/** More of a body is no reason but a page. */
const longestReason = 200;

/** What stands in a refusal, where it is one line of text: `dapr is not ready: [...]`. */
function reasonIn({ status, body }: Extract<Observation, { kind: 'reply' }>): string {
  const text = body.trim();
  if (status < 400 || text === '' || text.length > longestReason || text.startsWith('<')) return '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return '';
  }
  return ` (${text})`;
}
