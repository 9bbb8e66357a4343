import { findReservedPort } from '../mesh/ports/ports.ts';
import { defaultLogger, type Logger } from '../shared/logger.ts';
import type { Check, CheckOptions } from './check.ts';
import { HealthServerError } from './errors.ts';
import type { EventLoopLimits } from './event-loop-check.ts';
import type { HealthPaths } from './respond.ts';

/** Checks by name; the name stands in reports. */
export type Checks = Readonly<Record<string, Check | CheckOptions>>;

export interface HealthServerOptions {
  /** Where it listens; 0 takes a free port. */
  readonly port?: number | undefined;
  /** One address to listen on. By default all of them, IPv6 and IPv4: Istio's agent and the kubelet come by the pod's address. */
  readonly host?: string | undefined;
  /** The app's own ports, which are refused for health. */
  readonly appPorts?: readonly number[] | undefined;
  readonly paths?: Partial<HealthPaths> | undefined;
  /** What must work for the process to be worth keeping. Dependencies do not belong here: a restart does not mend a database. */
  readonly liveness?: Checks | undefined;
  /** What must work for traffic to be welcome: the mesh, what the app cannot do without. */
  readonly readiness?: Checks | undefined;
  /** What must have worked once. */
  readonly startup?: Checks | undefined;
  /** Limit of each check. Below the kubelet's own default of 1 s, so that the reply says which check was slow. */
  readonly checkTimeoutMs?: number | undefined;
  /** How long a check's result is reused. */
  readonly cacheMs?: number | undefined;
  /** Adds the readiness check `event-loop`. */
  readonly eventLoop?: EventLoopLimits | undefined;
  /** Answer from a thread of its own, also while the main one is blocked. */
  readonly worker?: boolean | undefined;
  /** With `worker`: liveness fails when the main thread has been blocked for longer. */
  readonly maxBlockedMs?: number | undefined;
  /** With `worker`: readiness fails when the main thread has been blocked for longer. */
  readonly readyMaxBlockedMs?: number | undefined;
  /** In a `node:cluster`: the primary listens and asks its workers, a worker answers the primary. */
  readonly cluster?: boolean | undefined;
  /** With `cluster`: how many workers must be ready. */
  readonly minReadyWorkers?: number | undefined;
  /** Show the failed checks' messages in replies. They may name hosts of the app's dependencies. */
  readonly messages?: boolean | undefined;
  /** Connections at a time; beyond it the oldest is closed, so that a probe always gets in. */
  readonly maxConnections?: number | undefined;
  /** How long a client may take to send its request. */
  readonly requestTimeoutMs?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** The defaults, once; `undefined` in an option means the default. */
export const healthServerDefaults = {
  port: 9000,
  host: undefined,
  appPorts: [],
  paths: { livez: '/livez', readyz: '/readyz', startupz: '/startupz' },
  liveness: {},
  readiness: {},
  startup: {},
  checkTimeoutMs: 800,
  cacheMs: 500,
  eventLoop: undefined,
  worker: false,
  maxBlockedMs: 30_000,
  readyMaxBlockedMs: 1_000,
  cluster: false,
  minReadyWorkers: 1,
  messages: true,
  maxConnections: 100,
  requestTimeoutMs: 5_000,
  logger: defaultLogger,
} as const satisfies Required<HealthServerOptions>;

export interface HealthServerSettings {
  readonly port: number;
  readonly host: string | undefined;
  readonly paths: HealthPaths;
  readonly liveness: Checks;
  readonly readiness: Checks;
  readonly startup: Checks;
  readonly checkTimeoutMs: number;
  readonly cacheMs: number;
  readonly eventLoop: EventLoopLimits | undefined;
  readonly worker: boolean;
  readonly maxBlockedMs: number;
  readonly readyMaxBlockedMs: number;
  readonly cluster: boolean;
  readonly minReadyWorkers: number;
  readonly messages: boolean;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

/** @throws HealthServerError for a port or an option that cannot work */
export function readOptions(options: HealthServerOptions): HealthServerSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !Object.hasOwn(healthServerDefaults, name));
  if (unknown) throw invalid(`there is no option "${unknown[0]}"`);
  const { appPorts, paths, ...settings } = {
    ...healthServerDefaults,
    ...Object.fromEntries(given),
  } as HealthServerSettings & {
    appPorts: readonly number[];
  };
  checkPort(settings.port, appPorts);
  for (const name of [
    'checkTimeoutMs',
    'maxBlockedMs',
    'readyMaxBlockedMs',
    'maxConnections',
    'requestTimeoutMs',
  ] as const) {
    assertNumber(name, settings[name], 1);
  }
  for (const name of ['cacheMs', 'minReadyWorkers'] as const) assertNumber(name, settings[name], 0);
  for (const group of ['liveness', 'readiness', 'startup'] as const) checkChecks(group, settings[group]);
  return { ...settings, paths: readPaths(paths) };
}

function checkPort(port: number, appPorts: readonly number[]): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`port is ${String(port)}; use an integer from 1 to 65535, or 0 for a free port`);
  }
  const reserved = findReservedPort(port);
  if (reserved) {
    const message = `port ${port} is ${reserved.purpose}, so it cannot be the app's; choose another, such as ${healthServerDefaults.port}`;
    throw new HealthServerError('HEALTH_PORT_RESERVED', message);
  }
  if (port !== 0 && appPorts.includes(port)) {
    const message = `port ${port} is the app's own; under STRICT mTLS probes need a port apart, such as ${healthServerDefaults.port}`;
    throw new HealthServerError('HEALTH_PORT_SHARED', message);
  }
}

function checkChecks(group: string, checks: Checks): void {
  for (const [name, entry] of Object.entries(checks)) {
    const options = typeof entry === 'function' ? { check: entry } : entry;
    if (typeof options?.check !== 'function')
      throw invalid(`${group}.${name} is not a function, nor { check: function }`);
    if (options.timeoutMs !== undefined) assertNumber(`${group}.${name}.timeoutMs`, options.timeoutMs, 1);
    if (options.cacheMs !== undefined) assertNumber(`${group}.${name}.cacheMs`, options.cacheMs, 0);
  }
}

function readPaths(given: Partial<HealthPaths>): HealthPaths {
  const { livez, readyz, startupz } = healthServerDefaults.paths;
  const paths = { livez: given.livez ?? livez, readyz: given.readyz ?? readyz, startupz: given.startupz ?? startupz };
  const all = Object.values(paths);
  const wrong = all.find((path) => !path.startsWith('/') || path.includes('?'));
  if (wrong !== undefined) throw invalid(`path "${wrong}" must begin with / and have no query`);
  if (new Set(all).size < all.length) throw invalid(`paths ${all.join(', ')} must differ`);
  return paths;
}

function assertNumber(name: string, value: unknown, min: number): void {
  if (typeof value === 'number' && value >= min && Number.isFinite(value)) return;
  throw invalid(`${name} is ${String(value)}; use a number from ${min} up`);
}

function invalid(message: string): HealthServerError {
  return new HealthServerError('HEALTH_OPTION_INVALID', message);
}
