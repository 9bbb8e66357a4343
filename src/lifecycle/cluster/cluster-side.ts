import type { Logger } from '../../shared/logger.ts';
import type { Drain } from '../drains/drain.ts';
import { findCluster } from './find-cluster.ts';
import type { WorkerTimes } from './messages.ts';
import { createPrimarySide } from './primary-side.ts';
import { createWorkerSide } from './worker-side.ts';

/** This process's place in a cluster, if it has one. */
export interface ClusterSide {
  /** It is a worker whose primary tells it when to go. */
  hasPrimary(): boolean;
  /** What a primary has to bring to an end besides itself. */
  drain(reason: string, times: WorkerTimes): Drain[];
  dispose(): void;
}

export function createClusterSide(
  logger: Logger,
  onShutdown: (reason: string, times: WorkerTimes) => void,
): ClusterSide {
  const cluster = findCluster();
  if (cluster?.isWorker) return { ...createWorkerSide(onShutdown), drain: () => [] };
  const primary = cluster && createPrimarySide(cluster, logger);
  return {
    hasPrimary: () => false,
    drain: (reason, times) => (primary === undefined ? [] : [primary.drain(reason, times)]),
    dispose: () => primary?.dispose(),
  };
}
