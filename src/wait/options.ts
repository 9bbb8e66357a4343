import { EndpointError, parseHttpUrl, parseUnixUrl } from '../mesh/ask/endpoint.ts';
import { DisabledError, disabledVariable, readDisabled } from '../mesh/wait/disabled.ts';
import { type Mode, modes } from '../mesh/wait/presence.ts';
import { type MeshName, meshProfiles } from '../mesh/wait/profiles.ts';
import {
  createSidecarGate,
  createTargetGate,
  type MeshSelection,
  parseMeshSelection,
} from '../mesh/wait/sidecar-gates.ts';
import type { WaitPlan, WaitProgress } from '../mesh/wait/wait.ts';
import { defaultLogger, type Logger } from '../shared/logger.ts';
import { MeshOptionError } from '../shared/option-error.ts';

export interface WaitForMeshOptions {
  /** The whole wait in milliseconds; 0: without limit. */
  readonly timeoutMs?: number | undefined;
  /** `auto`: no wait outside Kubernetes with nothing listening, nor in an ambient pod; `required`: wait always; `optional`: as `auto`, and a wait that runs out is no failure. */
  readonly mode?: Mode | undefined;
  /** Whose sidecar; several: all must be ready. `auto`: an Envoy on Istio's port, which says by itself whose it is; `none`: no sidecar. */
  readonly mesh?: 'auto' | 'none' | MeshName | readonly MeshName[] | undefined;
  /** Envoy's admin: `http://HOST:PORT` or `unix:PATH`. Default: that of the mesh. */
  readonly adminUrl?: string | undefined;
  /** A readiness address that must say 200 as well. Default: that of the mesh. */
  readonly readyUrl?: string | undefined;
  /** More to wait for, once the sidecar is ready: `http://...`, `tcp://HOST:PORT`, `unix:PATH`. */
  readonly waitFor?: string | readonly string[] | undefined;
  /** One question in milliseconds; 0: without limit of its own. */
  readonly probeTimeoutMs?: number | undefined;
  /** Milliseconds from one question to the next at first; later up to 100. */
  readonly intervalMs?: number | undefined;
  /** Ends this caller's wait, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Any logger with pino's methods. Default: JSON, on stderr. */
  readonly logger?: Logger | undefined;
  /** Told of each change of the reason to wait. */
  readonly onProgress?: ((progress: WaitProgress) => void) | undefined;
  /** Where KUBERNETES_SERVICE_HOST and MESH_SHIM_DISABLED are read, at the call; no other variable is. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The defaults, once; `undefined` in an option means the default. */
export const waitForMeshDefaults = {
  timeoutMs: 60_000,
  mode: 'auto',
  mesh: 'auto',
  adminUrl: undefined,
  readyUrl: undefined,
  waitFor: [],
  probeTimeoutMs: 5_000,
  intervalMs: 10,
  signal: undefined,
  logger: defaultLogger,
  onProgress: undefined,
  env: undefined,
} as const satisfies WaitForMeshOptions;

export interface WaitSettings {
  /** Two calls with the same key can share one wait. */
  readonly key: string;
  readonly mode: Mode;
  /** A plan of its own for each wait: gates remember. */
  readonly createPlan: () => WaitPlan;
  readonly disabled: string | undefined;
  readonly kubernetesServiceHost: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly logger: Logger;
  readonly onProgress: ((progress: WaitProgress) => void) | undefined;
}

/** @throws MeshOptionError for an unknown name or a value that cannot work */
export function readOptions(options: WaitForMeshOptions, processEnv: NodeJS.ProcessEnv): WaitSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !Object.hasOwn(waitForMeshDefaults, name));
  if (unknown) throw wrong(unknown[0], `no such option; there are ${Object.keys(waitForMeshDefaults).join(', ')}`);
  const all: Omit<WaitForMeshOptions, keyof Numbers> & Numbers = {
    ...waitForMeshDefaults,
    ...Object.fromEntries(given),
  };
  const { timeoutMs, probeTimeoutMs, intervalMs, mode = 'auto', signal, logger = defaultLogger, onProgress } = all;
  assertDuration('timeoutMs', timeoutMs, 0);
  assertDuration('probeTimeoutMs', probeTimeoutMs, 0);
  assertDuration('intervalMs', intervalMs, 1);
  if (!modes.includes(mode)) throw wrong('mode', `is ${show(mode)}; use one of ${modes.join(', ')}`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw wrong('signal', 'is no AbortSignal');
  if (onProgress !== undefined && typeof onProgress !== 'function') throw wrong('onProgress', 'is no function');
  const mesh = readMesh(all.mesh ?? 'auto');
  const { adminUrl: admin, readyUrl: ready, waitFor = [] } = all;
  if (typeof waitFor !== 'string' && !Array.isArray(waitFor)) {
    throw wrong('waitFor', `is ${show(waitFor)}; use a text or a list of texts`);
  }
  const targets: readonly string[] = [waitFor].flat();
  const createPlan = (): WaitPlan => {
    const addresses = {
      admin: address('adminUrl', admin, (text) => (text.startsWith('unix:') ? parseUnixUrl(text) : parseHttpUrl(text))),
      ready: address('readyUrl', ready, parseHttpUrl),
    };
    return {
      sidecars: mesh.map((name) => createSidecarGate(name, addresses)),
      others: targets.flatMap((target) => address('waitFor', target, createTargetGate) ?? []),
      mode,
      timeoutMs,
      probeTimeoutMs,
      intervalMs,
    };
  };
  createPlan(); // throws now what would be wrong with the addresses
  const env = all.env ?? processEnv;
  const kubernetesServiceHost = env.KUBERNETES_SERVICE_HOST;
  const disabled = readSwitch(env[disabledVariable]);
  const key = [timeoutMs, mode, mesh, admin, ready, targets, probeTimeoutMs, intervalMs, kubernetesServiceHost];
  return { key: JSON.stringify(key), mode, createPlan, disabled, kubernetesServiceHost, signal, logger, onProgress };
}

type Numbers = Record<'timeoutMs' | 'probeTimeoutMs' | 'intervalMs', number>;

function readMesh(mesh: Exclude<WaitForMeshOptions['mesh'], undefined>): MeshSelection {
  if (Array.isArray(mesh) && mesh.length === 0) return [];
  const selection = typeof mesh === 'string' || Array.isArray(mesh) ? parseMeshSelection(String(mesh)) : undefined;
  if (selection) return selection;
  const names = Object.keys(meshProfiles).join(', ');
  throw wrong('mesh', `is ${show(mesh)}; use 'auto', 'none', or one or a list of ${names}`);
}

function address<T>(name: string, text: string | undefined, read: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw wrong(name, `is ${show(text)}; use a text`);
  try {
    return read(text);
  } catch (error) {
    throw error instanceof EndpointError ? wrong(name, error.message) : error;
  }
}

function readSwitch(text: string | undefined): string | undefined {
  try {
    return readDisabled(text);
  } catch (error) {
    throw error instanceof DisabledError ? new MeshOptionError(`waitForMesh: ${error.message}`) : error;
  }
}

function assertDuration(name: string, value: unknown, leastMs: number): void {
  if (typeof value === 'number' && value >= leastMs && Number.isFinite(value)) return;
  throw wrong(name, `is ${show(value)}; use milliseconds from ${leastMs} up`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function wrong(name: string, what: string): MeshOptionError {
  return new MeshOptionError(`waitForMesh: ${name}: ${what}`);
}
