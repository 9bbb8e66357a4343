import { healthPort } from '../mesh/ports/health-port.ts';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, defaultsOf, optionTable } from '../shared/option-table.ts';
import type { Checks, HealthServerOptions } from './health-server-options.ts';
import { checkOptionTable, eventLoopOptionTable, pathOptionTable } from './nested-option-tables.ts';
import type { HealthPaths } from './respond.ts';

/** All options, every one set but for those that have no default. */
export type HealthOptions = Omit<AllSet<HealthServerOptions, 'host' | 'eventLoop'>, 'paths'> & {
  readonly paths: HealthPaths;
};

const checks = accepted.byName(
  'an object of checks by name: functions or { check, timeoutMs, cacheMs }',
  accepted.either(
    'a function or { check, timeoutMs, cacheMs }',
    (value) => typeof value === 'function',
    accepted.callback,
    accepted.optionsOf('a function or { check, timeoutMs, cacheMs }', checkOptionTable),
  ),
);
const noChecks: Checks = {};

/** The options of `createHealthServer`. */
export const healthOptionTable = optionTable<HealthOptions>({
  port: {
    ...accepted.integer(0, 65_535),
    default: healthPort,
    text: 'Where it listens; 0 takes a free port. The ports of the sidecar and of the app are refused.',
  },
  host: {
    ...accepted.text,
    default: undefined,
    defaultText: 'all addresses, IPv6 and IPv4',
    text: 'The one address to listen on.',
    reason: "Istio's agent and the kubelet come by the pod's address.",
  },
  appPorts: {
    ...accepted.listOf('a list of ports', accepted.integer(1, 65_535)),
    default: [],
    text: "The app's own ports, which are refused for health.",
  },
  paths: {
    ...accepted.optionsOf('an object with livez, readyz or startupz', pathOptionTable),
    default: defaultsOf<HealthPaths>(pathOptionTable),
    text: 'The path of each endpoint; they must differ.',
  },
  liveness: {
    ...checks,
    default: noChecks,
    text: 'Checks of `/livez`: what must work for the process to be worth keeping.',
    reason: 'Dependencies do not belong here: a restart does not mend a database.',
  },
  readiness: {
    ...checks,
    default: noChecks,
    text: 'Checks of `/readyz`: what must work for traffic to be welcome: the mesh, what the app cannot do without.',
  },
  startup: {
    ...checks,
    default: noChecks,
    text: 'Checks of `/startupz`: what must have worked once. They are not asked again after that.',
  },
  checkTimeoutMs: {
    ...accepted.durationMs(1),
    default: 800,
    text: 'Time limit of each check that sets none itself.',
    reason: "Below the kubelet's own default of 1 s, so that the reply says which check was slow.",
  },
  cacheMs: {
    ...accepted.durationMs(0),
    default: 500,
    text: "How long a check's result is reused.",
  },
  eventLoop: {
    ...accepted.optionsOf('an object with maxDelayMs or maxUtilization', eventLoopOptionTable),
    default: undefined,
    text: 'Adds the readiness check `event-loop`, with these limits.',
  },
  worker: {
    ...accepted.flag,
    default: false,
    text: 'Answer from a thread of its own, also while the main one is blocked.',
  },
  maxBlockedMs: {
    ...accepted.durationMs(1),
    default: 30_000,
    text: 'With `worker`: liveness fails when the main thread has been blocked for longer.',
  },
  readyMaxBlockedMs: {
    ...accepted.durationMs(1),
    default: 1_000,
    text: 'With `worker`: readiness fails when the main thread has been blocked for longer.',
  },
  cluster: {
    ...accepted.flag,
    default: false,
    text: 'In a `node:cluster`: the primary listens and asks its workers for readiness, a worker answers the primary.',
  },
  minReadyWorkers: {
    ...accepted.integer(0),
    default: 1,
    text: 'With `cluster`: how many workers must be ready.',
  },
  messages: {
    ...accepted.flag,
    default: true,
    text: "Show the failed checks' messages in replies. They may name hosts of the app's dependencies.",
  },
  maxConnections: {
    ...accepted.integer(1),
    default: 100,
    text: 'Connections at a time. Beyond it the oldest is closed: those that somebody holds open keep no probe out.',
  },
  requestTimeoutMs: {
    ...accepted.durationMs(1),
    default: 5_000,
    text: 'How long a client may take to send its request.',
  },
  logger: {
    ...accepted.logger,
    text: 'Gets a line for each new state, and one when the thread of `worker` dies or a worker of a cluster has no primary.',
  },
});
