import { createAsker } from '../mesh/ask/asker.ts';
import { createCancelSource } from '../mesh/ask/cancel.ts';
import { readSurroundings } from '../mesh/wait/presence.ts';
import { type WaitOutcome, type WaitProgress, waitUntilReady } from '../mesh/wait/wait.ts';
import { nodeClock, nodeTransport, socketsAreGone } from '../sockets/node-transport.ts';
import { readTextFile } from '../sockets/read-text-file.ts';
import type { WaitSettings } from './options.ts';

type Listener = (progress: WaitProgress) => void;

/** One wait that several callers await; it ends early when the last of them has gone. */
export interface SharedWait {
  readonly outcome: Promise<WaitOutcome>;
  /** Joins a caller, who is told what is waited for at the moment; the function returned answers whether it was the last to go. */
  join(listener: Listener): () => boolean;
}

export function startSharedWait({ createPlan, kubernetesServiceHost }: WaitSettings): SharedWait {
  const asker = createAsker(nodeTransport, nodeClock);
  const end = createCancelSource();
  const listeners = new Set<Listener>();
  const latest = new Map<string, WaitProgress>();
  const wait = async (): Promise<WaitOutcome> => {
    try {
      return await waitUntilReady(createPlan(), {
        asker,
        clock: nodeClock,
        signal: end.signal,
        surroundings: () => readSurroundings(kubernetesServiceHost, readTextFile),
        onProgress(progress) {
          latest.set(progress.subject, progress);
          for (const listener of listeners) listener(progress);
        },
      });
    } finally {
      asker.close();
      await socketsAreGone();
    }
  };
  return {
    outcome: wait(),
    join(listener) {
      listeners.add(listener);
      for (const progress of latest.values()) listener(progress);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return false;
        end.cancel();
        return true;
      };
    },
  };
}
