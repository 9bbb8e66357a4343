import type { CancelSignal } from './cancel.ts';
import type { Link } from './links.ts';
import type { ByteString, Clock } from './transport.ts';

/** When a question is asked again. */
export interface Rhythm {
  /** Milliseconds from now to the next time. */
  pauseMs(): number;
  /** Told of each time, just before. */
  onAsk(): void;
}

/** What ends a repetition. */
export type Interruption =
  /** Other bytes than before, perhaps not all of the reply yet. */
  | { readonly kind: 'other'; readonly bytes: ByteString }
  /** The next time has come, `silentMs` after the last, and nothing has been answered. */
  | { readonly kind: 'late'; readonly silentMs: number }
  /** The connection has ended, or cannot be trusted any more. */
  | { readonly kind: 'lost' };

/**
 * Asks the same over a connection that has been answered before, again and again, as long as the very same bytes come
 * back. A sidecar that is not ready is asked hundreds of times: each time costs two system calls and two comparisons
 * here, a sixth of what a question costs that might be answered by anything.
 */
export function repeatWhileSame(
  link: Link,
  request: ByteString,
  expected: ByteString,
  { rhythm, clock, signal }: { readonly rhythm: Rhythm; readonly clock: Clock; readonly signal: CancelSignal },
): Promise<Interruption> {
  return new Promise((resolve) => {
    let unanswered = false;
    let silentMs = 0;
    const end = (interruption: Interruption): void => {
      stopTimer();
      stopListening();
      resolve(interruption);
    };
    const lose = (): void => {
      link.close();
      end({ kind: 'lost' });
    };
    const ask = (): void => {
      if (unanswered) {
        end({ kind: 'late', silentMs });
        return;
      }
      unanswered = true;
      rhythm.onAsk();
      link.send(request);
      silentMs = rhythm.pauseMs();
      stopTimer = clock.after(silentMs, ask);
    };
    link.use({
      onConnect() {},
      onData(bytes) {
        if (!unanswered) lose();
        else if (bytes === expected) unanswered = false;
        else end({ kind: 'other', bytes });
      },
      onEnd: () => end({ kind: 'lost' }),
    });
    let stopTimer = clock.after(rhythm.pauseMs(), ask);
    const stopListening = signal.onCancel(lose);
  });
}
