import type { Server as HttpServer } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Server as TcpServer } from 'node:net';
import type { HealthState } from '../health/report.ts';
import { isMeshName, type MeshName } from '../mesh/wait/profiles.ts';
import { defaultLogger, type Logger } from '../shared/logger.ts';

export type DrainableServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer | TcpServer;

/** What a WebSocketServer of `ws` is, as far as its clients must be told to go. */
export interface WebSocketEndpoint {
  readonly clients: Iterable<{ close(code: number, reason: string): void }>;
}

export interface ShutdownHook {
  /** For messages. */
  readonly name: string;
  /** Ends one thing. `signal` is aborted at the hook's limit, after which nobody waits for it. */
  readonly run: (context: { readonly signal: AbortSignal }) => unknown;
  /** Default: the option `hookTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

export interface LifecycleOptions {
  /** Servers of HTTP/1.1, HTTP/2 and plain TCP, before or after they listen. */
  readonly servers?: readonly DrainableServer[] | undefined;
  /** WebSocket servers on them, whose clients get a close frame (1001, going away). */
  readonly webSockets?: readonly WebSocketEndpoint[] | undefined;
  /** A health server, to be moved along: `draining`, then closed. */
  readonly health?: { setState(next: HealthState): unknown; close(): Promise<unknown> } | undefined;
  /** Run in reverse order, one after the other, when requests have been served. */
  readonly hooks?: readonly ShutdownHook[] | undefined;
  /** How long to go on serving after the first signal, while the mesh learns of it. Default: 5000 in Kubernetes, 0 elsewhere. */
  readonly drainDelayMs?: number | undefined;
  /** From the signal to SIGKILL: Kubernetes' terminationGracePeriodSeconds. */
  readonly graceMs?: number | undefined;
  /** What is left is cut this long before the end of the grace. */
  readonly reserveMs?: number | undefined;
  readonly hookTimeoutMs?: number | undefined;
  /** The signals that start the shutdown. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Take uncaught errors and unhandled rejections the same way down. */
  readonly uncaughtErrors?: boolean | undefined;
  /**
   * How long a classic sidecar serves after SIGTERM; false for native sidecars or none. A longer plan is warned of.
   * Default: 5000 in Kubernetes, which is Istio's own terminationDrainDuration, and false elsewhere.
   */
  readonly classicSidecarMs?: number | false | undefined;
  /** Tell the sidecar to quit at the end, as a Job must: by a mesh's name, or by a function. */
  readonly quitSidecar?: MeshName | (() => Promise<unknown>) | undefined;
  /** Ends the process. */
  readonly exit?: ((code: number) => void) | undefined;
  /** Any logger with pino's methods. Default: JSON, on stderr. */
  readonly logger?: Logger | undefined;
}

/** The defaults, once; `undefined` in an option means the default. */
export const lifecycleDefaults = {
  servers: [],
  webSockets: [],
  health: undefined,
  hooks: [],
  drainDelayMs: undefined,
  graceMs: 30_000,
  reserveMs: 2_000,
  hookTimeoutMs: 3_000,
  signals: ['SIGTERM', 'SIGINT'],
  uncaughtErrors: true,
  classicSidecarMs: undefined,
  quitSidecar: undefined,
  exit: undefined,
  logger: defaultLogger,
} as const satisfies LifecycleOptions;

type Given<Name extends keyof LifecycleOptions> = Exclude<LifecycleOptions[Name], undefined>;

export type LifecycleSettings = {
  readonly [Name in Exclude<keyof LifecycleOptions, 'health' | 'quitSidecar'>]-?: Given<Name>;
} & Pick<LifecycleOptions, 'health' | 'quitSidecar'>;

/** @throws LifecycleOptionError for a value that cannot work */
export function readOptions(
  options: LifecycleOptions,
  host: { inKubernetes: boolean; exit: (code: number) => void },
): LifecycleSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !Object.hasOwn(lifecycleDefaults, name));
  if (unknown) throw new LifecycleOptionError(`there is no option "${unknown[0]}"`);
  const byPlace = host.inKubernetes
    ? { drainDelayMs: 5_000, classicSidecarMs: 5_000 }
    : { drainDelayMs: 0, classicSidecarMs: false };
  const defaults = { ...lifecycleDefaults, ...byPlace, exit: host.exit };
  const settings = { ...defaults, ...Object.fromEntries(given) } as LifecycleSettings;
  for (const name of ['drainDelayMs', 'graceMs', 'reserveMs', 'hookTimeoutMs'] as const)
    assertDuration(name, settings[name]);
  const { drainDelayMs, graceMs, reserveMs, quitSidecar } = settings;
  if (drainDelayMs + reserveMs >= graceMs) {
    const sum = `drainDelayMs ${drainDelayMs} and reserveMs ${reserveMs} leave nothing of graceMs ${graceMs}`;
    throw new LifecycleOptionError(`${sum}; raise graceMs and the pod's terminationGracePeriodSeconds, or lower them`);
  }
  if (typeof quitSidecar === 'string' && !isMeshName(quitSidecar)) {
    throw new LifecycleOptionError(`quitSidecar is "${quitSidecar}", which is no mesh that it knows`);
  }
  settings.hooks.forEach(assertHook);
  return settings;
}

/** @throws LifecycleOptionError when it has no name or nothing to run */
export function assertHook(hook: ShutdownHook): void {
  if (typeof hook?.name !== 'string' || typeof hook.run !== 'function') {
    throw new LifecycleOptionError('a hook needs { name: string, run: function }');
  }
  if (hook.timeoutMs !== undefined) assertDuration(`timeoutMs of hook ${hook.name}`, hook.timeoutMs);
}

function assertDuration(name: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return;
  throw new LifecycleOptionError(`${name} is ${String(value)}; use milliseconds from 0 up`);
}

/** An option of {@link createLifecycle} cannot work. */
export class LifecycleOptionError extends Error {
  override readonly name = 'LifecycleOptionError';
  readonly code = 'LIFECYCLE_OPTION_INVALID';

  constructor(message: string) {
    super(`lifecycle: ${message}`);
  }
}
