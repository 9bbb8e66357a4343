import type { ReplyClassification } from '../mesh/replies/envoy-reply.ts';
import { longestTimerMs } from '../shared/pause.ts';
import { arrivalPause, backoffPause, retryAfterPause } from './backoff.ts';
import type { SidecarTrust } from './mesh-retry-options.ts';
import type { NetworkFault } from './network-error.ts';
import type { RetrySettings } from './options.ts';

/** One failed attempt. */
export type Failure =
  | {
      readonly kind: 'network';
      readonly fault: NetworkFault;
      /** The head of the request has not left (`onRequestStart` was not called), or the server vouches that it has not touched the request. */
      readonly neverSent: boolean;
    }
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly classification: ReplyClassification;
      readonly retryAfterMs: number | undefined;
      /** This client has written the whole body before the reply came. */
      readonly bodySent: boolean;
    };

/** What can be said of the request when an attempt has failed. */
export interface Situation {
  readonly idempotent: boolean;
  /** Plain HTTP: only then can the nearest Envoy read the request and speak for it. */
  readonly plainText: boolean;
  readonly replayable: boolean;
  /** Retries so far of what may have been processed, and of what was never sent. */
  readonly retries: number;
  readonly arrivals: number;
  readonly remainingMs: number;
  /** Requests of this origin that wait for it to come, this one included. */
  readonly waiting: number;
  /** The budget has room for this request to be (or go on) retrying. */
  readonly withinBudget: boolean;
}

/** Which of the two patiences a failure gets: time, for what was never sent, or few attempts. */
export type Patience = 'arrival' | 'few';

/** Why a request is not repeated (any more). */
export type StopReason =
  | 'not retryable'
  | 'not idempotent'
  | 'body cannot be replayed'
  | 'retries used up'
  | 'deadline'
  | 'Retry-After lies beyond the deadline'
  | 'retry budget exhausted';

export type Decision =
  | { readonly retry: true; readonly pauseMs: number; readonly patience: Patience; readonly budgeted: boolean }
  | { readonly retry: false; readonly why: StopReason };

/** Decides whether a failed attempt is repeated, and after which pause. Pure. */
export function decide(failure: Failure, situation: Situation, settings: RetrySettings, random: number): Decision {
  const permission = permit(failure, situation, settings);
  if (permission !== 'yes') return { retry: false, why: permission };
  if (!situation.replayable) return { retry: false, why: 'body cannot be replayed' };

  const patience = patienceFor(failure);
  const limit = isWorthOneRetry(failure) ? Math.min(1, settings.maxRetries) : settings.maxRetries;
  if (patience === 'few' && situation.retries >= limit) {
    return { retry: false, why: 'retries used up' };
  }
  const budgeted = !(patience === 'arrival' && isKnownToListenNowhere(failure, situation, settings));
  if (budgeted && !situation.withinBudget) return { retry: false, why: 'retry budget exhausted' };

  const retryAfterMs = failure.kind === 'reply' ? failure.retryAfterMs : undefined;
  if (retryAfterMs !== undefined && retryAfterMs >= Math.min(situation.remainingMs, longestTimerMs)) {
    return { retry: false, why: 'Retry-After lies beyond the deadline' };
  }
  const pauseMs =
    retryAfterMs !== undefined
      ? // The spread must not push a wait that fits beyond the deadline.
        Math.min(retryAfterPause(retryAfterMs, random), (retryAfterMs + situation.remainingMs) / 2)
      : patience === 'arrival'
        ? arrivalPause(situation.arrivals + 1, situation.waiting, settings, random)
        : backoffPause(situation.retries + 1, settings, random);
  if (pauseMs >= situation.remainingMs) return { retry: false, why: 'deadline' };
  return { retry: true, pauseMs, patience, budgeted };
}

function permit(failure: Failure, situation: Situation, settings: RetrySettings): 'yes' | StopReason {
  const { idempotent } = situation;
  if (failure.kind === 'network') return failure.neverSent || idempotent ? 'yes' : 'not idempotent';

  const { status, classification, retryAfterMs } = failure;
  if (!settings.retryStatuses.includes(status)) return 'not retryable';
  const trusted = isBelieved(failure, situation, settings);
  switch (classification.retry) {
    case 'never':
      // A caller who has put an application's status into the list knows it better than the classification, which knows the usual ones.
      if (isSidecarsWord(classification)) return 'not retryable';
      return idempotent ? 'yes' : 'not idempotent';
    case 'after-retry-after':
      if (retryAfterMs === undefined) return 'not retryable';
      return trusted || idempotent ? 'yes' : 'not idempotent';
    case 'any-method':
    case 'short-wait':
      return trusted || idempotent ? 'yes' : 'not idempotent';
    case 'idempotent':
    case 'idempotent-once':
      return idempotent ? 'yes' : 'not idempotent';
  }
}

function isWorthOneRetry(failure: Failure): boolean {
  return failure.kind === 'network'
    ? failure.fault === 'refused-stream'
    : failure.classification.retry === 'idempotent-once';
}

function isSidecarsWord({ madeBy, flag, reason }: ReplyClassification): boolean {
  return madeBy === 'own-sidecar' || madeBy === 'remote-sidecar' || flag !== undefined || reason !== undefined;
}

/** A sidecar's reply is believed to say that nobody has processed this request. */
function isBelieved(
  { bodySent, classification }: Failure & { kind: 'reply' },
  { plainText }: Situation,
  settings: RetrySettings,
): boolean {
  return bodySent && plainText && isTrusted(classification, settings.trustSidecar);
}

/** Repeating costs whoever does not listen nothing. The pauses see to it that those who wait do not come in a herd. */
function isKnownToListenNowhere(failure: Failure, situation: Situation, settings: RetrySettings): boolean {
  if (failure.kind === 'network') return failure.fault === 'refused' && failure.neverSent;
  return isBelieved(failure, situation, settings);
}

/** Whether the word of an Envoy suffices that nobody has processed the request: the nearest one's, or the service's own. */
export function isTrusted({ madeBy, processed }: ReplyClassification, level: SidecarTrust): boolean {
  if (level === 'off') return false;
  if (processed === 'no') return madeBy === 'own-sidecar';
  if (processed !== 'no-by-istio-default-policy' || level !== 'istio-default-policy') return false;
  return madeBy === 'own-sidecar' || madeBy === 'remote-sidecar';
}

// A connection that was lost before the request left it says no more than that there is none yet.
const mayCome: ReadonlySet<NetworkFault> = new Set(['refused', 'unreachable', 'lost']);

/** An upstream that is not there yet is waited for; an unknown name is more likely a mistake, a refused stream comes from one that is there. */
function patienceFor(failure: Failure): Patience {
  if (failure.kind === 'network') {
    return failure.neverSent && mayCome.has(failure.fault) ? 'arrival' : 'few';
  }
  const { madeBy, flag, processed } = failure.classification;
  const isNotThere = flag === 'UF' || flag === 'UH';
  const isKnown =
    madeBy === 'own-sidecar' || (madeBy === 'remote-sidecar' && processed === 'no-by-istio-default-policy');
  return isNotThere && isKnown ? 'arrival' : 'few';
}
