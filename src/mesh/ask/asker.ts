import { formatDuration } from '../../text/durations.ts';
import type { CancelSignal } from './cancel.ts';
import { requestHead } from './http-exchange.ts';
import { createLinks, type Link } from './links.ts';
import { watchByConnecting } from './port-watch.ts';
import type { Observation, Question } from './question.ts';
import { createQuestionAttempt, type QuestionAttempt } from './question-attempt.ts';
import { type Rhythm, repeatWhileSame } from './repetition.ts';
import { createReplyMemory } from './reply-memory.ts';
import type { Address, ByteString, Clock, Transport } from './transport.ts';

/** Asks questions over sockets, with a time limit each. */
export interface Asker {
  /**
   * Resolves with what was seen and never rejects; when cancelled, at once. `timeoutMs` 0 means no limit of its own.
   */
  ask(question: Question, timeoutMs: number, signal: CancelSignal): Promise<Observation>;
  /**
   * Asks again, in this rhythm, as long as the answer is the one that was judged last, byte for byte, and resolves with
   * the first that is not (or may not be), as `ask` does. Undefined where that cannot be done: the question is then asked
   * one by one.
   */
  repeat(
    question: Question,
    judged: Observation,
    rhythm: Rhythm,
    timeoutMs: number,
    signal: CancelSignal,
  ): Promise<Observation> | undefined;
  /**
   * Asks nobody, and looks every `everyMs`, at least `leastLookMs`, whether connections to these ports of this machine are still
   * refused. Resolves with whether all are, after `forMs` or when cancelled.
   */
  areRefused(addresses: readonly Address[], everyMs: number, forMs: number, signal: CancelSignal): Promise<boolean>;
  readonly leastLookMs: number;
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
  const portWatch = transport.portWatch ?? watchByConnecting(transport, clock);

  /** Asks, or goes on with a question that has been under way on a kept connection for a while. */
  const ask = (
    question: Question,
    timeoutMs: number,
    signal: CancelSignal,
    underWay?: UnderWay,
  ): Promise<Observation> =>
    new Promise((resolve) => {
      if (signal.cancelled) {
        underWay?.link.close();
        resolve({ kind: 'failed', failure: 'timeout', detail: 'cancelled', sent: underWay !== undefined });
        return;
      }
      const attempts = new Set<QuestionAttempt>();
      const cleanups: (() => void)[] = [];
      let settled = false;
      const settle = (observation: Observation): void => {
        if (settled) return;
        settled = true;
        for (const cleanup of cleanups) cleanup();
        for (const attempt of attempts) attempt.abandon();
        resolve(observation);
      };
      const createOne = (): QuestionAttempt => {
        const attempt = createQuestionAttempt(question, links, memory, (observation) => {
          attempts.delete(attempt);
          // While a second attempt runs, the failure of the first proves nothing.
          if (observation.kind !== 'failed' || attempts.size === 0) settle(observation);
        });
        attempts.add(attempt);
        return attempt;
      };
      const giveUp = (detail: string): void =>
        settle({ kind: 'failed', failure: 'timeout', detail, sent: [...attempts].some(({ sent }) => sent) });
      const later = (delayMs: number, callback: () => void): void => {
        cleanups.push(clock.after(Math.max(delayMs - (underWay?.sinceMs ?? 0), 0), callback));
      };

      if (underWay) createOne().takeOver(underWay.link, underWay.bytes);
      else createOne().start();
      cleanups.push(signal.onCancel(() => giveUp('cancelled')));
      if (timeoutMs > 0) later(timeoutMs, () => giveUp(`no answer within ${formatDuration(timeoutMs)}`));
      // Only what changes nothing may be asked twice.
      if (question.method !== 'POST') later(raceAfterMs, () => createOne().start());
      if (settled) for (const cleanup of cleanups) cleanup();
    });

  return {
    ask,
    repeat(question, judged, rhythm, timeoutMs, signal) {
      const bytes = memory.bytesOf(question, judged);
      const limitMs = timeoutMs > 0 ? Math.min(timeoutMs, raceAfterMs) : raceAfterMs;
      // With longer pauses a time limit would be noticed late.
      if (bytes === undefined || rhythm.pauseMs() > limitMs) return undefined;
      const link = links.reuse(question.endpoint.addresses);
      if (!link) return undefined;
      return repeatWhileSame(link, requestHead(question), bytes, { rhythm, clock, signal }).then((interruption) => {
        if (interruption.kind === 'lost') return ask(question, timeoutMs, signal);
        const sinceMs = interruption.kind === 'late' ? interruption.silentMs : 0;
        const come = interruption.kind === 'other' ? interruption.bytes : '';
        return ask(question, timeoutMs, signal, { link, bytes: come, sinceMs });
      });
    },
    areRefused(addresses, everyMs, forMs, signal) {
      return new Promise((resolve) => {
        const end = (areRefused: boolean): void => {
          stopWatch();
          stopTimer();
          stopListening();
          resolve(areRefused);
        };
        const stopWatch = portWatch.start(addresses, everyMs, () => end(false));
        const stopTimer = clock.after(forMs, () => end(true));
        const stopListening = signal.onCancel(() => end(true));
      });
    },
    leastLookMs: portWatch.leastPauseMs,
    close: () => links.closeAll(),
  };
}

/** A question that has been sent on a kept connection, and what has come since. */
interface UnderWay {
  readonly link: Link;
  readonly bytes: ByteString;
  readonly sinceMs: number;
}
