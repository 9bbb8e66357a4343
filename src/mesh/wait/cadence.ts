import type { Observation } from '../ask/question.ts';

/** How often a sidecar is asked while it is not ready, by the time that the wait has lasted. */
export interface Cadence {
  /** Milliseconds between two questions at first. */
  readonly intervalMs: number;
}

/** A sidecar that comes up at all is mostly up within this time: every 10 ms counts here. */
const youngMs = 2_000;
/** Until here the delay that polling adds stays below half of a human-visible step, at half the cost. */
const patientMs = 30_000;
/** The same of looks. */
const slowestLookMs = 20;
/** A wait may last for ever; one that ends must still be noticed within a tenth of a second. */
export const slowestMs = 100;

/**
 * Milliseconds from one question to the next: the interval while the wait is young, then 1.6 times as long, and after half a
 * minute slower in proportion to the time waited, up to 100 ms. Peers that back off to seconds make their users wait
 * for as long after the sidecar is ready; a fixed 10 ms would ask Envoy's main thread 3,000 times in half a minute.
 */
export function pauseBetweenQuestions(waitedMs: number, { intervalMs }: Cadence): number {
  const step = waitedMs < youngMs ? 1 : 1.6 * Math.max(waitedMs / patientMs, 1);
  return Math.max(Math.min(intervalMs * step, slowestMs), intervalMs);
}

/** Between two questions while a look at a port says that they cannot matter yet: for the reason that people are told. */
export const reasonMs = 1_000;

/**
 * Milliseconds from one look at a closed port to the next, which costs a part of a question, and the sidecar nothing.
 *
 * @param leastMs what is cheap on this transport
 */
export function pauseBetweenLooks(waitedMs: number, { intervalMs }: Cadence, leastMs: number): number {
  const step = waitedMs < youngMs ? 2 : 4 * Math.max(waitedMs / patientMs, 1);
  return Math.max(Math.min((intervalMs / 5) * step, slowestLookMs), intervalMs / 5, leastMs);
}

/** Twice what Istio's longest answer has. */
const largeBytes = 256 * 1024;
/** Who answers with megabytes is hardly a sidecar; read a hundred times a second, they would fill the memory with garbage. */
const afterLargeMs = 1_000;

/** The pause after what was seen last. */
export function pauseAfter(seen: Observation, waitedMs: number, cadence: Cadence): number {
  const isLarge =
    seen.kind === 'failed' ? seen.failure === 'too-large' : seen.kind === 'reply' && seen.body.length > largeBytes;
  return Math.max(pauseBetweenQuestions(waitedMs, cadence), isLarge ? afterLargeMs : 0);
}
