import { Server } from 'node:net';
import { constants } from 'node:os';
import process from 'node:process';
import { meshProfiles } from '../mesh/profiles/profiles.ts';
import * as accepted from '../shared/accepted.ts';
import { type Accepted, type AllSet, optionTable } from '../shared/option-table.ts';
import type { LifecycleOptions, ShutdownHook } from './lifecycle-options.ts';

/** All options, every one set but for those that have no default. */
export type LifecycleSettings = AllSet<LifecycleOptions, 'health' | 'quitSidecar'>;

/** A server that connections can be drained from. */
export const drainable = accepted.that(
  'a server of node:http, https, http2, tls or net',
  (value) => value instanceof Server,
);

/** A hook of `createLifecycle`. */
export const hookOptionTable = optionTable<AllSet<ShutdownHook, 'timeoutMs'>>({
  name: { ...accepted.text, required: true, text: 'What it ends, for messages.' },
  run: {
    ...accepted.callback,
    required: true,
    text: "Ends one thing. It gets `{ signal }`, which is aborted at the hook's limit, after which nobody waits for it.",
  },
  timeoutMs: {
    ...accepted.durationMs(0),
    default: undefined,
    defaultText: 'the option `hookTimeoutMs`',
    text: 'Time limit of this hook.',
  },
});

export const hook = accepted.optionsOf('a hook: { name, run, timeoutMs }', hookOptionTable);

const webSocketServer = accepted.that('a WebSocketServer of ws, with its set of clients', (value) => {
  const { clients } = (value ?? {}) as { readonly clients?: unknown };
  return typeof clients === 'object' && clients !== null && Symbol.iterator in clients;
});

/** Those that a process can handle: the system lets nobody handle these two. */
const signals = Object.keys(constants.signals).filter((name) => name !== 'SIGKILL' && name !== 'SIGSTOP');
const signalNames = accepted.listOf(
  "a list of signal names, each once, such as ['SIGTERM', 'SIGINT']",
  accepted.oneOf(signals, 'the name of a signal that a process can handle, such as SIGTERM'),
);

const meshes = Object.keys(meshProfiles);

/** The options of `createLifecycle`. */
export const lifecycleOptionTable = optionTable<LifecycleSettings>({
  servers: {
    ...accepted.listOf('a list of servers', drainable),
    default: [],
    text: 'Servers of HTTP/1.1, HTTP/2 and plain TCP, listening or not yet.',
  },
  webSockets: {
    ...accepted.listOf('a list of WebSocketServers of ws', webSocketServer),
    default: [],
    text: 'WebSocket servers on them, whose clients get a close frame (1001, going away).',
  },
  health: {
    ...accepted.withMethods('a health server: an object with the methods setState and close', 'setState', 'close'),
    default: undefined,
    text: 'A health server that is moved along: to `draining`, then closed.',
  },
  hooks: {
    ...accepted.listOf('a list of hooks: { name, run, timeoutMs }', hook),
    default: [],
    text: 'Run in reverse order, one after the other, when requests have been served. `lifecycle.addHook()` adds more.',
  },
  drainDelayMs: {
    ...accepted.durationMs(0),
    default: 0,
    inKubernetes: 5_000,
    text: 'How long to go on serving after the first signal, while the mesh learns of it.',
  },
  graceMs: {
    ...accepted.durationMs(0),
    default: 30_000,
    text: "Time from the signal to SIGKILL: the pod's `terminationGracePeriodSeconds`. It must be more than `drainDelayMs` and `reserveMs` together.",
    reason: "The same as Kubernetes'.",
  },
  reserveMs: {
    ...accepted.durationMs(0),
    default: 2_000,
    text: 'What is left is cut this long before the end of the grace.',
  },
  hookTimeoutMs: {
    ...accepted.durationMs(0),
    default: 3_000,
    text: 'Time limit of each hook that sets none itself.',
  },
  signals: {
    ...withoutRepetition(signalNames),
    default: ['SIGTERM', 'SIGINT'],
    text: 'The signals that start the shutdown.',
  },
  uncaughtErrors: {
    ...accepted.flag,
    default: true,
    text: 'Uncaught errors and unhandled rejections start the shutdown too.',
  },
  classicSidecarMs: {
    ...accepted.either(
      `${accepted.durationMs(0).accepts}, or false`,
      (value) => value === false,
      accepted.flag,
      accepted.durationMs(0),
    ),
    default: false,
    inKubernetes: 5_000,
    text: 'How long a classic sidecar serves after SIGTERM; false for native sidecars or none. A longer plan is warned of.',
    reason: "Istio's own terminationDrainDuration.",
  },
  quitSidecar: {
    ...accepted.either(
      `a mesh (${meshes.join(', ')}) or a function`,
      (value) => typeof value === 'function',
      accepted.callback,
      accepted.oneOf(meshes),
    ),
    default: undefined,
    text: "Tells the sidecar to quit at the end, as a Job must: a mesh's name, or a function that does it.",
  },
  exit: {
    ...accepted.callback,
    default: (code) => process.exit(code),
    defaultText: '`process.exit`',
    text: 'Ends the process; called last, with the exit code.',
  },
  logger: {
    ...accepted.logger,
    text: 'Gets a line for the start of the shutdown (info), for what is cut short (warn) and for what fails (error).',
  },
});

/** A signal that is listened to twice would count as the second one, which ends the process at once. */
function withoutRepetition(list: Accepted): Accepted {
  return {
    ...list,
    faultOf: (value) => {
      const fault = list.faultOf(value);
      if (fault !== undefined) return fault;
      const names = value as readonly string[];
      const repeated = names.findIndex((name, index) => names.indexOf(name) < index);
      if (repeated === -1) return undefined;
      return { at: `[${repeated}]`, value: names[repeated], accepts: 'a signal that is not in the list yet' };
    },
  };
}
