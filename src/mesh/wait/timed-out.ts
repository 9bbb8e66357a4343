import { formatDuration } from '../../text/durations.ts';
import type { WaitOutcome } from './wait.ts';

export type TimedOut = Extract<WaitOutcome, { kind: 'timed-out' }>;

/** How the reader of the advice sets these things: by flags, or by options of the library. */
export interface Remedies {
  readonly longer: string;
  readonly withoutSidecar: string;
  readonly otherAdmin: string;
  readonly goOn: string;
}

/** What was waited for, how long, and the last reason, on one line. */
export function describeTimedOut({ subject, waitedMs, probes, reason }: TimedOut): string {
  const count = `${probes} ${probes === 1 ? 'probe' : 'probes'}`;
  return `${subject} not ready in time: waited ${formatDuration(waitedMs)}, ${count}, last: ${reason}`;
}

/** What to do about a wait that ran out, by what it ended at. */
export function adviseOnTimedOut({ absent, reason, subject }: TimedOut, remedies: Remedies): string {
  const { longer, withoutSidecar, otherAdmin, goOn } = remedies;
  if (subject.includes(':')) return `is the address right, and does the service run? ${longer} gives it longer`;
  if (absent)
    return `is the pod injected? ${withoutSidecar} starts without a sidecar, ${otherAdmin} names another address`;
  if (reason.includes('DRAINING')) return 'the sidecar is shutting down or was told to fail its health check';
  if (reason.includes('INITIALIZING')) return 'can the proxy reach its control plane? look at the log of the sidecar';
  if (reason.includes('rejected'))
    return "look for rejected listeners in the sidecar's log or with istioctl proxy-status";
  return `${longer} gives it longer, ${goOn} goes on without it`;
}
