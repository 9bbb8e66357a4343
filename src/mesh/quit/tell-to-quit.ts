import type { Asker } from '../ask/asker.ts';
import { type CancelSignal, createCancelSource, pause } from '../ask/cancel.ts';
import type { Endpoint } from '../ask/endpoint.ts';
import { isAbsent, type Observation, type Question } from '../ask/question.ts';
import type { Clock } from '../ask/transport.ts';
import { describeObservation } from '../wait/gate.ts';
import type { QuitTarget } from './quit-target.ts';

export interface QuitContext {
  readonly asker: Asker;
  readonly clock: Clock;
  /** The whole effort in milliseconds; 0: without limit. */
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
  /** Told once, where the first try was not the last, what came of it. */
  readonly onRetry?: ((said: string) => void) | undefined;
}

/** What came of it. `said`: what was seen last, for people. */
export type QuitResult =
  | { readonly kind: 'taken'; readonly said: string }
  /** The sidecar stays. */
  | { readonly kind: 'refused'; readonly said: string; readonly advice: string | undefined }
  /** Nobody has taken it in time. */
  | { readonly kind: 'late'; readonly said: string; readonly advice: string | undefined };

/** From one try to the next; a sidecar that is just starting needs a moment to listen. */
const retryAfterMs = 100;

/**
 * Tells a sidecar to quit. Repeats while nothing listens or the answer is 5xx; never after a 2xx, nor when the request
 * may have been heard. Who has answered is the one to tell: from then on no other address is tried.
 */
export async function tellToQuit(target: QuitTarget, context: QuitContext): Promise<QuitResult> {
  const { clock, timeoutMs } = context;
  const end = createCancelSource();
  const stopListening = context.signal.onCancel(end.cancel);
  const stopTimer = timeoutMs > 0 ? clock.after(timeoutMs, end.cancel) : () => {};
  const result = await tellUntil(target, { ...context, signal: end.signal });
  stopTimer();
  stopListening();
  return result;
}

async function tellUntil(target: QuitTarget, context: QuitContext): Promise<QuitResult> {
  const { asker, clock, signal } = context;
  let { onRetry } = context;
  const heard = new Map<Endpoint, string>();
  let said = 'no time was left to ask';
  let advice: string | undefined;
  let endpoints = target.endpoints;
  for (let index = 0; !signal.cancelled; index = (index + 1) % endpoints.length) {
    const endpoint = endpoints[index] as Endpoint;
    const question: Question = { kind: 'status', endpoint, method: 'POST', header: target.header };
    const observation = await asker.ask(question, 0, signal);
    if (signal.cancelled && observation.kind === 'failed') {
      if (observation.sent) said = `${endpoint.text} took the request and has not answered`;
      break;
    }
    const now = describeObservation(question, observation);
    if (isTaken(observation)) return { kind: 'taken', said: now };
    heard.set(endpoint, now);
    said = endpoints.flatMap((each) => heard.get(each) ?? []).join('; ');
    advice = isAbsent(observation) ? target.advice?.quitRefused : undefined;
    if (observation.kind === 'reply') {
      if (observation.status < 500) {
        return { kind: 'refused', said: now, advice: target.advice?.quitStatus?.[observation.status] };
      }
      endpoints = [endpoint];
      said = now;
      index = 0;
    }
    if (index < endpoints.length - 1) continue;
    onRetry?.(said);
    onRetry = undefined;
    await pause(clock, retryAfterMs, signal);
  }
  return { kind: 'late', said, advice };
}

function isTaken(observation: Observation): boolean {
  if (observation.kind === 'reply') return observation.status < 300;
  // Ended in the middle of the answer: a proxy that quits at once has no time to finish it.
  return observation.kind === 'failed' && observation.sent;
}

/** What came of it, on one line. */
export function describeQuit(result: QuitResult): string {
  switch (result.kind) {
    case 'taken':
      return `told the sidecar to quit: ${result.said}`;
    case 'refused':
      return `the sidecar does not take the request to quit and stays: ${result.said}${withAdvice(result)}`;
    case 'late':
      return `the sidecar could not be told to quit in time and may stay: ${result.said}${withAdvice(result)}`;
  }
}

function withAdvice({ advice }: { readonly advice: string | undefined }): string {
  return advice === undefined ? '' : `; ${advice}`;
}
