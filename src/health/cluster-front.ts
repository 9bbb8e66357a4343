import type { Cluster, Worker } from 'node:cluster';
import process from 'node:process';
import type { Check } from './check.ts';
import type { Front } from './front.ts';
import type { HealthServerSettings } from './options.ts';
import type { HealthReport } from './report.ts';
import type { Reporter } from './reporter.ts';

/** On the channel between a cluster's primary and its workers, beside whatever the app sends there. */
type ClusterMessage =
  | { readonly meshShim: 'health-ask'; readonly id: number }
  | { readonly meshShim: 'health-report'; readonly id: number; readonly report: HealthReport };

/** In a worker: answers the primary, and listens nowhere. A port that workers share would show the health of any one of them. */
export function startClusterWorkerFront(reporter: Reporter): Front {
  const onMessage = async (message: unknown) => {
    if (!isOurs(message) || message.meshShim !== 'health-ask') return;
    const report = await reporter.report('readyz');
    const answer: ClusterMessage = { meshShim: 'health-report', id: message.id, report };
    if (process.connected) process.send?.(answer, undefined, {}, () => {}); // the primary may be gone by now: nobody to tell
  };
  process.on('message', onMessage);
  return {
    address: '',
    port: 0,
    stateChanged() {},
    close: async () => {
      process.off('message', onMessage);
    },
  };
}

/** In the primary: passes when enough workers say that they are ready. A blocked or dying worker does not. */
export function createClusterCheck(cluster: Cluster, { minReadyWorkers, checkTimeoutMs }: HealthServerSettings): Check {
  let lastId = 0;
  return async ({ signal }) => {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const id = ++lastId;
    // Somewhat less than the check's own limit, so that one silent worker does not hide the others.
    const answers = await Promise.all(workers.map((worker) => askWorker(worker, id, checkTimeoutMs * 0.8, signal)));
    const ready = answers.filter((report) => report?.ok).length;
    return {
      ok: ready >= minReadyWorkers,
      message: `${ready} of ${workers.length} workers are ready, needed: ${minReadyWorkers}`,
    };
  };
}

function askWorker(
  worker: Worker,
  id: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HealthReport | undefined> {
  return new Promise((resolve) => {
    const finish = (report?: HealthReport) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      resolve(report);
    };
    const onMessage = (message: unknown) => {
      if (isOurs(message) && message.meshShim === 'health-report' && message.id === id) finish(message.report);
    };
    const onAbort = () => finish();
    const timer = setTimeout(finish, timeoutMs);
    signal.addEventListener('abort', onAbort);
    worker.on('message', onMessage);
    if (!worker.isConnected()) return finish();
    const question: ClusterMessage = { meshShim: 'health-ask', id };
    worker.send(question, (error) => {
      if (error !== null) finish();
    });
  });
}

function isOurs(message: unknown): message is ClusterMessage {
  return typeof message === 'object' && message !== null && 'meshShim' in message;
}
