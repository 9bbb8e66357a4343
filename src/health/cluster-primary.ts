import type { Cluster, Worker } from 'node:cluster';
import type { Check } from './check.ts';
import { type ClusterMessage, clusterMessage } from './cluster-messages.ts';
import type { HealthServerSettings } from './options.ts';
import type { HealthReport } from './report.ts';

/** The primary's side: a readiness check over its workers. */
export interface ClusterPrimary {
  /** Passes when enough workers say that they are ready. A blocked or dying worker does not. */
  readonly check: Check;
  close(): void;
}

export function createClusterPrimary(cluster: Cluster, settings: HealthServerSettings): ClusterPrimary {
  const { minReadyWorkers, checkTimeoutMs } = settings;
  const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  // Workers that were there first have asked in vain.
  for (const worker of workers()) send(worker, { meshShim: 'health-primary' });
  const onMessage = (worker: Worker, message: unknown) => {
    if (clusterMessage(message)?.meshShim === 'health-worker') send(worker, { meshShim: 'health-primary' });
  };
  cluster.on('message', onMessage);

  let lastId = 0;
  return {
    async check({ signal }) {
      const asked = workers();
      const id = ++lastId;
      // Somewhat less than the check's own limit, so that one silent worker does not hide the others.
      const answers = await Promise.all(asked.map((worker) => askWorker(worker, id, checkTimeoutMs * 0.8, signal)));
      const ready = answers.filter((report) => report?.ok).length;
      return {
        ok: ready >= minReadyWorkers,
        message: `${ready} of ${asked.length} workers are ready, needed: ${minReadyWorkers}`,
      };
    },
    close: () => void cluster.off('message', onMessage),
  };
}

/** @param onFailed hears that the worker is gone */
function send(worker: Worker, message: ClusterMessage, onFailed = () => {}): void {
  if (worker.isConnected()) worker.send(message, (error) => void (error !== null && onFailed()));
  else onFailed();
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
    const onMessage = (received: unknown) => {
      const message = clusterMessage(received);
      if (message?.meshShim === 'health-report' && message.id === id) finish(message.report);
    };
    const onAbort = () => finish();
    const timer = setTimeout(finish, timeoutMs).unref();
    signal.addEventListener('abort', onAbort);
    worker.on('message', onMessage);
    send(worker, { meshShim: 'health-ask', id }, finish);
  });
}
