import { Server } from 'node:net';
import { constants } from 'node:os';
import process from 'node:process';
import { meshProfiles } from '../mesh/profiles/profiles.ts';
import * as accepted from '../shared/accepted.ts';
import { type Accepted, type AllSet, optionTable } from '../shared/option-table.ts';
import { isGrpcServer } from './drains/create-drain.ts';
import { notAServer } from './drains/no-server.ts';
import type { LifecycleOptions, ShutdownHook } from './lifecycle-options.ts';

/** All options, every one set but for those that have no default. */
export type LifecycleSettings = AllSet<LifecycleOptions, 'health' | 'quitSidecar'>;

const anyServer =
  'a server of node:http, https, http2, tls or net, one of @grpc/grpc-js, or an object { name, close, cut }';

/** What can be drained. */
export const drainable: Accepted = {
  accepts: anyServer,
  faultOf: (value) => {
    if (value instanceof Server || isGrpcServer(value)) return undefined;
    const got = notAServer(value);
    if (got !== undefined) return { at: '', value, accepts: anyServer, got };
    return closable.faultOf(value) === undefined ? undefined : { at: '', value, accepts: anyServer };
  },
};

const closable = accepted.that('an object { name, close, cut } whose close and cut are functions', (value) => {
  if (typeof value !== 'object' || value === null) return false;
  const { name, close, cut } = value as { readonly [name: string]: unknown };
  const isNamed = name === undefined || (typeof name === 'string' && name !== '');
  return isNamed && typeof close === 'function' && (cut === undefined || typeof cut === 'function');
});

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

const setOfClients = 'a WebSocketServer of ws, with its set of clients';
const webSocketServer: Accepted = {
  accepts: setOfClients,
  faultOf: (value) => {
    const { clients, handleUpgrade } = (value ?? {}) as { readonly [name: string]: unknown };
    if (typeof clients === 'object' && clients !== null && Symbol.iterator in clients) return undefined;
    const got =
      typeof handleUpgrade === 'function'
        ? 'one without: create it without clientTracking: false, or pass { clients } with a set of your own'
        : notAServer(value);
    return { at: '', value, accepts: setOfClients, got };
  },
};

/** Those that a process can handle: the system lets nobody handle these two. */
const signals = Object.keys(constants.signals).filter((name) => name !== 'SIGKILL' && name !== 'SIGSTOP');
const signalNames = accepted.listOf(
  "a list of signal names, each once, such as ['SIGTERM', 'SIGINT']",
  accepted.oneOf(signals, 'the name of a signal that a process can handle, such as SIGTERM'),
);

const meshes = Object.keys(meshProfiles);

export const defaultExit = (code: number): void => process.exit(code);

/** The options of `createLifecycle`. */
export const lifecycleOptionTable = optionTable<LifecycleSettings>({
  servers: {
    ...accepted.listOf('a list of servers', drainable),
    default: [],
    text: 'Servers of HTTP/1.1, HTTP/2, gRPC and plain TCP, listening or not yet, and what else can be closed: `{ name, close, cut }`, whose `close()` is fulfilled when all that was accepted has ended. `lifecycle.addServer()` adds more.',
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
  consumers: {
    ...accepted.listOf('a list of consumers: { name, close, cut }', closable),
    default: [],
    text: 'What fetches work by itself, as a consumer of a queue. Each `close()` begins at the signal, all side by side, and has the time that requests have; `cut()` ends what is left.',
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
    defaultText: '`5000` ms in Kubernetes, less `preStopMs`, else `0` ms',
    text: 'How long to go on serving after the first signal, while the mesh learns of it; left out where nobody is served yet. In the last part of it replies say `Connection: close` already, so that clients leave one by one.',
  },
  graceMs: {
    ...accepted.durationMs(0),
    default: 30_000,
    text: "The pod's `terminationGracePeriodSeconds`: Kubernetes counts it from the start of a preStop hook, which `preStopMs` tells of. It must be more than `preStopMs`, `drainDelayMs` and `reserveMs` together.",
    reason: "The same as Kubernetes'.",
  },
  preStopMs: {
    ...accepted.durationMs(0),
    default: 0,
    text: "How long the pod's preStop hook takes: so much of the grace is over when the signal comes.",
  },
  reserveMs: {
    ...accepted.durationMs(0),
    default: 2_000,
    text: 'What is left is cut this long before the end of the grace.',
  },
  peerTimeoutMs: {
    ...accepted.durationMs(1),
    default: 3_000,
    text: 'How long a peer may be silent while its connection is closed: a WebSocket client that does not answer the close frame, half a request, an idle client of TCP. Replies under way are not meant.',
    reason: 'Peers that have gone are daily business, and a live one answers within a second.',
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
  deferListeners: {
    ...accepted.flag,
    default: false,
    text: 'Other listeners of these signals, such as those of a framework, are called when requests have been served and hooks have run, not at the signal.',
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
    text: 'How long a classic sidecar serves after SIGTERM (Istio: 5000 ms unless terminationDrainDuration says else); false for native sidecars or none. A longer plan is warned of.',
    reason: 'A process cannot see of which kind its sidecar is; `mesh-shim check` sees it in the manifests.',
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
    default: defaultExit,
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
