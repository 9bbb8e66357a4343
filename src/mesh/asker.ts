import { type Attempt, startAttempt } from './attempt.ts';
import type { CancelSignal } from './cancel.ts';
import { formatDuration } from './durations.ts';
import { createLinks } from './links.ts';
import type { Observation, Question } from './question.ts';
import { createReplyMemory } from './reply-memory.ts';
import type { Clock, Transport } from './transport.ts';

/** Asks questions over sockets, with a time limit each. */
export interface Asker {
  /**
   * Resolves with what was seen and never rejects; when cancelled, at once. `timeoutMs` 0 means no limit of its own.
   */
  ask(question: Question, timeoutMs: number, signal: CancelSignal): Promise<Observation>;
  /** Closes the connections that were kept for later questions. */
  close(): void;
}

/**
 * A connection that is up but silent may be a dead one (the proxy restarted behind it): after this time a second one
 * races it. Not sooner, for slow answers are waited for: Envoy's main thread has been seen to need 0.9 s while it
 * loads 800 services, and asking it twice would only make it slower.
 */
const raceAfterMs = 1_500;

export function createAsker(transport: Transport, clock: Clock): Asker {
  const links = createLinks(transport);
  const memory = createReplyMemory();
  return {
    ask: (question, timeoutMs, signal) =>
      new Promise((resolve) => {
        const attempts = new Set<Attempt>();
        const cleanups: (() => void)[] = [];
        let settled = false;
        const settle = (observation: Observation): void => {
          if (settled) return;
          settled = true;
          for (const cleanup of cleanups) cleanup();
          for (const attempt of attempts) attempt.abandon();
          resolve(observation);
        };
        const begin = (): void => {
          const attempt = startAttempt(question, links, memory, (observation) => {
            attempts.delete(attempt);
            // While a second attempt runs, the failure of the first proves nothing.
            if (observation.kind !== 'failed' || attempts.size === 0) settle(observation);
          });
          attempts.add(attempt);
        };
        const giveUp = (detail: string): void =>
          settle({ kind: 'failed', failure: 'timeout', detail, sent: [...attempts].some(({ sent }) => sent) });

        begin();
        cleanups.push(signal.onCancel(() => giveUp('cancelled')));
        if (timeoutMs > 0) {
          cleanups.push(clock.after(timeoutMs, () => giveUp(`no answer within ${formatDuration(timeoutMs)}`)));
        }
        // Only what changes nothing may be asked twice.
        if (question.method !== 'POST') cleanups.push(clock.after(raceAfterMs, begin));
        if (settled) for (const cleanup of cleanups) cleanup();
      }),
    close: () => links.closeAll(),
  };
}
