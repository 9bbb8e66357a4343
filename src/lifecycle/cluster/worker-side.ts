import process from 'node:process';
import { type ClusterMessage, isClusterMessage, type WorkerTimes } from './messages.ts';

/** A worker's view of its primary. */
export interface WorkerSide {
  /** The primary has a lifecycle: it hears the signals of the pod, and says when. */
  hasPrimary(): boolean;
  dispose(): void;
}

export function createWorkerSide(onShutdown: (reason: string, times: WorkerTimes) => void): WorkerSide {
  let hasPrimary = false;
  const hello = () => {
    const message: ClusterMessage = { meshShim: 'lifecycle-worker' };
    if (process.connected) process.send?.(message, undefined, {}, () => {}); // it may be gone by now
  };
  const onMessage = (message: unknown) => {
    if (!isClusterMessage(message)) return;
    if (message.meshShim === 'lifecycle-shutdown') return onShutdown(message.reason, message.times);
    // A primary whose lifecycle is younger than this one asks who there is.
    if (!hasPrimary) hello();
    hasPrimary = true;
  };
  const onDisconnect = () => {
    hasPrimary = false;
  };
  process.on('message', onMessage);
  process.on('disconnect', onDisconnect);
  hello();
  return {
    hasPrimary: () => hasPrimary,
    dispose() {
      process.off('message', onMessage);
      process.off('disconnect', onDisconnect);
    },
  };
}
