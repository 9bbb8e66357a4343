import type { Server as HttpServer } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Server as TcpServer } from 'node:net';
import type { HealthState } from '../health/report.ts';
import type { MeshName } from '../mesh/profiles/profiles.ts';
import type { Logger } from '../shared/logger.ts';

/** A server of `@grpc/grpc-js`, as far as it must be ended. */
export interface GrpcServer {
  tryShutdown(callback: (error?: Error) => void): void;
  forceShutdown(): void;
}

/** Whatever else serves or consumes: a socket.io server, a consumer of a queue. */
export interface Closable {
  /** For messages. */
  readonly name?: string | undefined;
  /** Takes nothing new. Fulfilled when all that was accepted has ended. */
  close(): unknown;
  /** Ends at once what has not ended in time. */
  cut?(): unknown;
}

export type DrainableServer =
  | HttpServer
  | HttpsServer
  | Http2Server
  | Http2SecureServer
  | TcpServer
  | GrpcServer
  | Closable;

interface WebSocketClient {
  close(code: number, reason: string): void;
  terminate?(): void;
}

/** What a WebSocketServer of `ws` is, as far as its clients must be told to go. */
export interface WebSocketEndpoint {
  readonly clients: Iterable<WebSocketClient>;
  on?(event: 'connection', listener: (client: WebSocketClient) => void): unknown;
}

/** One thing that is to be ended at the shutdown. */
export interface ShutdownHook {
  /**
   * What it ends, for messages.
   *
   * Must be a string that is not empty. There is no default.
   */
  readonly name: string;
  /**
   * Ends one thing. It gets `{ signal }`, which is aborted at the hook's limit, after which nobody waits for it.
   *
   * Must be a function. There is no default.
   */
  readonly run: (context: { readonly signal: AbortSignal }) => unknown;
  /**
   * Time limit of this hook.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: the option `hookTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
}

/** Options of `createLifecycle`; `undefined` means the default. */
export interface LifecycleOptions {
  /**
   * Servers of HTTP/1.1, HTTP/2, gRPC and plain TCP, listening or not yet, and what else can be closed: `{ name, close,
   * cut }`, whose `close()` is fulfilled when all that was accepted has ended. `lifecycle.addServer()` adds more.
   *
   * Must be a list of servers. Default: `[]`.
   */
  readonly servers?: readonly DrainableServer[] | undefined;
  /**
   * WebSocket servers on them, whose clients get a close frame (1001, going away).
   *
   * Must be a list of WebSocketServers of ws. Default: `[]`.
   */
  readonly webSockets?: readonly WebSocketEndpoint[] | undefined;
  /**
   * A health server that is moved along: to `draining`, then closed.
   *
   * Must be a health server: an object with the methods setState and close. Default: none.
   */
  readonly health?:
    | { readonly state?: HealthState; setState(next: HealthState): unknown; close(): Promise<unknown> }
    | undefined;
  /**
   * What fetches work by itself, as a consumer of a queue. Each `close()` begins at the signal, all side by side, and
   * has the time that requests have; `cut()` ends what is left.
   *
   * Must be a list of consumers: { name, close, cut }. Default: `[]`.
   */
  readonly consumers?: readonly Closable[] | undefined;
  /**
   * Run in reverse order, one after the other, when requests have been served. `lifecycle.addHook()` adds more.
   *
   * Must be a list of hooks: { name, run, timeoutMs }. Default: `[]`.
   */
  readonly hooks?: readonly ShutdownHook[] | undefined;
  /**
   * How long to go on serving after the first signal, while the mesh learns of it; left out where nobody is served yet.
   * In the last part of it replies say `Connection: close` already, so that clients leave one by one.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `5000` ms in Kubernetes, less
   * `preStopMs`, else `0` ms.
   */
  readonly drainDelayMs?: number | undefined;
  /**
   * The pod's `terminationGracePeriodSeconds`: Kubernetes counts it from the start of a preStop hook, which `preStopMs`
   * tells of. It must be more than `preStopMs`, `drainDelayMs` and `reserveMs` together.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `30000` ms. The same as Kubernetes'.
   */
  readonly graceMs?: number | undefined;
  /**
   * What is left is cut this long before the end of the grace.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `2000` ms.
   */
  readonly reserveMs?: number | undefined;
  /**
   * How long the pod's preStop hook takes: so much of the grace is over when the signal comes.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `0` ms.
   */
  readonly preStopMs?: number | undefined;
  /**
   * How long a peer may be silent while its connection is closed: a WebSocket client that does not answer the close
   * frame, half a request, an idle client of TCP. Replies under way are not meant.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `3000` ms. Peers that have gone are daily
   * business, and a live one answers within a second.
   */
  readonly peerTimeoutMs?: number | undefined;
  /**
   * Time limit of each hook that sets none itself.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `3000` ms.
   */
  readonly hookTimeoutMs?: number | undefined;
  /**
   * The signals that start the shutdown.
   *
   * Must be a list of signal names, each once, such as ['SIGTERM', 'SIGINT']. Default: `['SIGTERM', 'SIGINT']`.
   */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /**
   * Other listeners of these signals, such as those of a framework, are called when requests have been served and hooks
   * have run, not at the signal.
   *
   * Must be true or false. Default: `false`.
   */
  readonly deferListeners?: boolean | undefined;
  /**
   * Uncaught errors and unhandled rejections start the shutdown too.
   *
   * Must be true or false. Default: `true`.
   */
  readonly uncaughtErrors?: boolean | undefined;
  /**
   * How long a classic sidecar serves after SIGTERM (Istio: 5000 ms unless terminationDrainDuration says else); false
   * for native sidecars or none. A longer plan is warned of.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days), or false. Default: `false`. A process cannot see
   * of which kind its sidecar is; `mesh-shim check` sees it in the manifests.
   */
  readonly classicSidecarMs?: number | false | undefined;
  /**
   * Tells the sidecar to quit at the end, as a Job must: a mesh's name, or a function that does it.
   *
   * Must be a mesh (istio, envoy, linkerd, consul, kuma, dapr, cloud-sql-proxy) or a function. Default: none.
   */
  readonly quitSidecar?: MeshName | (() => Promise<unknown>) | undefined;
  /**
   * Ends the process; called last, with the exit code.
   *
   * Must be a function. Default: `process.exit`.
   */
  readonly exit?: ((code: number) => void) | undefined;
  /**
   * Gets a line for the start of the shutdown (info), for what is cut short (warn) and for what fails (error).
   *
   * Must be an object with the methods debug, info, warn and error, such as a pino logger. Default: JSON, on stderr. A
   * wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.
   */
  readonly logger?: Logger | undefined;
}
