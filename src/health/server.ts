import type { Cluster } from 'node:cluster';
import { oneOf } from '../shared/accepted.ts';
import { assertArgument } from '../shared/option-table.ts';
import { longestTimerMs } from '../shared/pause.ts';
import { createClusterPrimary } from './cluster-primary.ts';
import { startClusterWorkerFront } from './cluster-worker-front.ts';
import { createEventLoopCheck } from './event-loop-check.ts';
import { type Front, startMainThreadFront } from './front.ts';
import type { HealthServerOptions } from './health-server-options.ts';
import { type HealthServerSettings, readOptions } from './options.ts';
import { type HealthEndpoint, type HealthReport, type HealthState, healthEndpoints, healthStates } from './report.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { startWorkerFront } from './worker-front.ts';

const state = oneOf(healthStates);
const endpoint = oneOf(healthEndpoints);

export interface HealthServer {
  /** Where it listens; 0 in a cluster's worker, which answers through the primary. */
  readonly port: number;
  /** The address that it listens on: `::`, `0.0.0.0` or the option `host`; empty in a cluster's worker. */
  readonly address: string;
  /** Its root on loopback, for tests and exec probes. */
  readonly url: string;
  readonly state: HealthState;
  /**
   * Moves from `starting` over `ready` and `draining` to `stopped`; steps may be left out. Going back changes nothing and
   * gives false, so that a start-up that ends late cannot undo a shutdown.
   *
   * @throws MeshOptionError for a state that does not exist
   */
  setState(next: HealthState): boolean;
  /** The same answer as over HTTP. The process does not end before it. */
  report(endpoint: HealthEndpoint): Promise<HealthReport>;
  /** Stops listening and sets `stopped`. */
  close(): Promise<void>;
}

/**
 * Starts a health server on a port of its own: `/livez`, `/readyz`, `/startupz`, and `grpc.health.v1`. It answers 503 to the
 * last two until `setState('ready')`. It does not keep the process alive.
 *
 * @throws MeshOptionError for a wrong option, a port of the sidecar's or one of `appPorts` (`reason` says which)
 * @throws HealthServerError when the port cannot be had or the thread does not start
 */
export async function createHealthServer(options?: HealthServerOptions): Promise<HealthServer> {
  const settings = readOptions(options);
  // Loaded by whoever uses it: it is half of what the library costs to load otherwise.
  const cluster = settings.cluster ? (await import('node:cluster')).default : undefined;
  const eventLoop = settings.eventLoop && createEventLoopCheck(settings.eventLoop);
  const primary = cluster?.isPrimary ? createClusterPrimary(cluster, settings) : undefined;
  const reporter = createReporter(settings, {
    ...(eventLoop && { 'event-loop': { check: eventLoop, cacheMs: Math.max(settings.cacheMs, 1000) } }),
    ...(primary && { workers: primary.check }),
  });
  const stop = () => {
    eventLoop?.stop();
    primary?.close();
  };
  const front = await startFront(settings, reporter, cluster).catch((error: unknown) => {
    stop();
    throw error;
  });

  const setState = (next: HealthState) => {
    assertArgument('HealthServer.setState', 'next', state, next);
    const from = reporter.state;
    if (!reporter.setState(next)) return false;
    front.stateChanged(next);
    settings.logger.info({ from, to: next }, `health: ${next}`);
    return true;
  };
  let closing: Promise<void> | undefined;
  return {
    address: front.address,
    port: front.port,
    url: `http://localhost:${front.port}`,
    get state() {
      return reporter.state;
    },
    setState,
    async report(asked) {
      assertArgument('HealthServer.report', 'endpoint', endpoint, asked);
      // Somebody awaits this, and the checks' own timers keep no process alive.
      const hold = setInterval(() => {}, longestTimerMs);
      try {
        return await reporter.report(asked);
      } finally {
        clearInterval(hold);
      }
    },
    close() {
      setState('stopped');
      stop();
      closing ??= front.close();
      return closing;
    },
  };
}

async function startFront(settings: HealthServerSettings, reporter: Reporter, cluster?: Cluster): Promise<Front> {
  if (cluster?.isWorker) return startClusterWorkerFront(settings, reporter);
  return settings.worker ? startWorkerFront(settings, reporter) : startMainThreadFront(settings, reporter);
}
