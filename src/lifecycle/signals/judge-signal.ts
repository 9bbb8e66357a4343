/** What a signal means that a process gets: the first, the same once more, a repetition, or a person who will not wait. */
export type Verdict = 'first' | 'same' | 'again' | 'impatient';

/**
 * Whoever relays signals makes several of one: dumb-init and `tini -g` signal the whole group, watchers and npm relay what the
 * terminal has sent already, a runtime may try twice.
 */
export const sameSignalMs = 1_000;

/** Only a person at a terminal can mean that requests may be lost, and presses Ctrl-C again: all others send what they must. */
export function createSignalJudge(): (signal: string, nowMs: number, isAtTerminal: () => boolean) => Verdict {
  let firstAt: number | undefined;
  return (signal, nowMs, isAtTerminal) => {
    if (firstAt === undefined) {
      firstAt = nowMs;
      return 'first';
    }
    if (nowMs - firstAt < sameSignalMs) return 'same';
    return signal === 'SIGINT' && isAtTerminal() ? 'impatient' : 'again';
  };
}
