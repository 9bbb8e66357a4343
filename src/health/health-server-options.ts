import type { Logger } from '../shared/logger.ts';
import type { Check, CheckOptions } from './check.ts';
import type { EventLoopLimits } from './event-loop-check.ts';
import type { HealthPaths } from './respond.ts';

/** Checks by name; the name stands in reports. */
export type Checks = Readonly<Record<string, Check | CheckOptions>>;

/** Options of `createHealthServer`; `undefined` means the default. */
export interface HealthServerOptions {
  /**
   * Where it listens; 0 takes a free port. The ports of the sidecar and of the app are refused.
   *
   * Must be an integer from 0 to 65535. Default: `9000`.
   */
  readonly port?: number | undefined;
  /**
   * The one address to listen on.
   *
   * Must be a string that is not empty. Default: all addresses, IPv6 and IPv4. Istio's agent and the kubelet come by
   * the pod's address.
   */
  readonly host?: string | undefined;
  /**
   * The app's own ports, which are refused for health.
   *
   * Must be a list of ports. Default: `[]`.
   */
  readonly appPorts?: readonly number[] | undefined;
  /**
   * The path of each endpoint; they must differ.
   *
   * Must be an object with livez, readyz or startupz. Default: `{ livez: '/livez', readyz: '/readyz', startupz:
   * '/startupz' }`.
   */
  readonly paths?: Partial<HealthPaths> | undefined;
  /**
   * Checks of `/livez`: what must work for the process to be worth keeping.
   *
   * Must be an object of checks by name: functions or { check, timeoutMs, cacheMs }. Default: `{}`. Dependencies do not
   * belong here: a restart does not mend a database.
   */
  readonly liveness?: Checks | undefined;
  /**
   * Checks of `/readyz`: what must work for traffic to be welcome: the mesh, what the app cannot do without.
   *
   * Must be an object of checks by name: functions or { check, timeoutMs, cacheMs }. Default: `{}`.
   */
  readonly readiness?: Checks | undefined;
  /**
   * Checks of `/startupz`: what must have worked once. They are not asked again after that.
   *
   * Must be an object of checks by name: functions or { check, timeoutMs, cacheMs }. Default: `{}`.
   */
  readonly startup?: Checks | undefined;
  /**
   * Time limit of each check that sets none itself.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `800` ms. Below the kubelet's own default
   * of 1 s, so that the reply says which check was slow.
   */
  readonly checkTimeoutMs?: number | undefined;
  /**
   * How long a check's result is reused.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `500` ms.
   */
  readonly cacheMs?: number | undefined;
  /**
   * Adds the readiness check `event-loop`, with these limits.
   *
   * Must be an object with maxDelayMs or maxUtilization. Default: none.
   */
  readonly eventLoop?: EventLoopLimits | undefined;
  /**
   * Answer from a thread of its own, also while the main one is blocked.
   *
   * Must be true or false. Default: `false`.
   */
  readonly worker?: boolean | undefined;
  /**
   * With `worker`: liveness fails when the main thread has been blocked for longer.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `30000` ms.
   */
  readonly maxBlockedMs?: number | undefined;
  /**
   * With `worker`: readiness fails when the main thread has been blocked for longer.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `1000` ms.
   */
  readonly readyMaxBlockedMs?: number | undefined;
  /**
   * In a `node:cluster`: the primary listens and asks its workers for readiness, a worker answers the primary.
   *
   * Must be true or false. Default: `false`.
   */
  readonly cluster?: boolean | undefined;
  /**
   * With `cluster`: how many workers must be ready.
   *
   * Must be an integer from 0 up. Default: `1`.
   */
  readonly minReadyWorkers?: number | undefined;
  /**
   * Show the failed checks' messages in replies. They may name hosts of the app's dependencies.
   *
   * Must be true or false. Default: `true`.
   */
  readonly messages?: boolean | undefined;
  /**
   * Connections at a time. Beyond it the oldest is closed: those that somebody holds open keep no probe out.
   *
   * Must be an integer from 1 up. Default: `100`.
   */
  readonly maxConnections?: number | undefined;
  /**
   * How long a client may take to send its request.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `5000` ms.
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Gets a line for each new state, and one when the thread of `worker` dies or a worker of a cluster has no primary.
   *
   * Must be an object with the methods debug, info, warn and error, such as a pino logger. Default: JSON, on stderr. A
   * wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.
   */
  readonly logger?: Logger | undefined;
}
