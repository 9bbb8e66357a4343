import { formatDuration } from '../../text/durations.ts';
import type { MeshName } from '../profiles/profiles.ts';
import type { NotYetCause } from './gate.ts';
import { describeRecognised } from './recognise.ts';
import type { WaitOutcome } from './wait.ts';

export type TimedOut = Extract<WaitOutcome, { kind: 'timed-out' }>;

/** How the reader of the advice sets these things: by flags, or by options of the library. */
export interface Remedies {
  readonly longer: string;
  readonly withoutSidecar: string;
  readonly otherAdmin: string;
  readonly otherReady: string;
  readonly otherProof: string;
  readonly otherMesh: (names: readonly MeshName[]) => string;
  readonly goOn: string;
}

/** What was waited for, how long, and the last reason, on one line; or that it cannot be asked at all. */
export function describeTimedOut({ subject, waitedMs, probes, reason, cause }: TimedOut): string {
  if (cause === 'denied') return `${subject} cannot be asked: ${reason}`;
  const count = `${probes} ${probes === 1 ? 'probe' : 'probes'}`;
  return `${subject} not ready in time: waited ${formatDuration(waitedMs)}, ${count}, last: ${reason}`;
}

/** Node's permission model. */
const denied = 'this process may not use the network: start Node with --allow-net beside --permission';

/** What to do about a wait that ran out, by what it ended at. */
export function adviseOnTimedOut(outcome: TimedOut, remedies: Remedies): string {
  const { cause, mesh, hasAdmin, advice: own, recognised } = outcome;
  const { longer, withoutSidecar, otherAdmin, otherReady, otherProof, goOn } = remedies;
  if (cause === 'denied') return own?.denied ?? denied;
  if (mesh === undefined)
    return `${own?.[cause] ?? 'is the address right, and does the service run?'} ${longer} gives it longer`;
  if (recognised.length > 0)
    return `${describeRecognised(recognised)}: ${remedies.otherMesh(recognised)} waits for that`;
  const patience = `${longer} gives it longer, ${goOn} goes on without it`;
  const advice: Readonly<Record<NotYetCause, string>> = {
    absent: `${own?.absent ?? 'is the pod injected?'} ${withoutSidecar} starts without a sidecar, ${
      hasAdmin ? `${otherReady} or ${otherAdmin}` : otherReady
    } names another address`,
    'no-answer': patience,
    'not-envoy': `is that Envoy's admin? ${otherAdmin} names another address`,
    locked: `${otherReady} names a readiness address, which decides alone where the admin is locked`,
    initializing: 'can the proxy reach its control plane? look at the log of the sidecar',
    draining: 'the sidecar is shutting down or was told to fail its health check',
    workers: patience,
    'nothing-served': `can the proxy reach its control plane? ${otherProof} starts without listeners`,
    configuration: "look for rejected listeners in the sidecar's log or with istioctl proxy-status",
    'no-readiness': `is readiness answered at another port? ${otherReady} names it`,
    'not-found': `${own?.absent ?? 'is that the sidecar?'} ${otherReady} names another address`,
    'says-no': patience,
    denied,
  };
  return advice[cause];
}
