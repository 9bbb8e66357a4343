import type { Cluster, Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../shared/logger.ts';
import type { Drain } from '../drains/drain.ts';
import { type ClusterMessage, isClusterMessage, type WorkerTimes } from './messages.ts';

/** A primary's view of its workers. */
export interface PrimarySide {
  /** Tells them to go, as the plan says, and is closed when they have gone. */
  drain(reason: string, times: WorkerTimes): Drain;
  dispose(): void;
}

export function createPrimarySide(cluster: Cluster, logger: Logger): PrimarySide {
  const withLifecycle = new WeakSet<Worker>();
  let ending = false;
  const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  const send = (worker: Worker, message: ClusterMessage) => {
    if (worker.isConnected()) worker.send(message, () => {}); // it may die on the way
  };
  const onMessage = (worker: Worker, message: unknown) => {
    if (!isClusterMessage(message) || message.meshShim !== 'lifecycle-worker') return;
    withLifecycle.add(worker);
    send(worker, { meshShim: 'lifecycle-primary' });
  };
  const onFork = ({ id }: Worker) => {
    if (!ending) return;
    logger.warn(
      { worker: id },
      'a worker was forked during the shutdown and ends with the process; fork only while !lifecycle.signal.aborted',
    );
  };
  cluster.on('message', onMessage);
  cluster.on('fork', onFork);
  for (const worker of workers()) send(worker, { meshShim: 'lifecycle-primary' });

  const end = async (worker: Worker, reason: string, times: WorkerTimes) => {
    const exited = once(worker, 'exit') as Promise<[number | null, string | null]>;
    if (withLifecycle.has(worker)) send(worker, { meshShim: 'lifecycle-shutdown', reason, times });
    else {
      logger.warn(
        { worker: worker.id },
        `worker ${worker.id} has no createLifecycle: its hooks are not run, and it is disconnected`,
      );
      await delay(times.drainDelayMs);
      if (worker.isConnected()) worker.disconnect();
    }
    const [code, signal] = await exited;
    if (code !== 0) throw new Error(`worker ${worker.id} (pid ${worker.process.pid}) ended with ${code ?? signal}`);
  };

  return {
    drain(reason, times) {
      const left = workers().filter((worker) => !worker.isDead());
      return {
        name: 'workers',
        async close() {
          ending = true;
          const ends = await Promise.allSettled(left.map((worker) => end(worker, reason, times)));
          const failures = ends
            .filter((result) => result.status === 'rejected')
            .map(({ reason: error }) => error as Error);
          if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('; '));
        },
        cut() {
          const alive = left.filter((worker) => !worker.isDead());
          for (const worker of alive) worker.process.kill('SIGKILL');
          return alive.length;
        },
      };
    },
    dispose() {
      cluster.off('message', onMessage);
      cluster.off('fork', onFork);
    },
  };
}
