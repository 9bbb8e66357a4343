import { describeTimedOut } from '../mesh/wait/timed-out.ts';
import type { SidecarFound, WaitOutcome, WaitProgress } from '../mesh/wait/wait.ts';
import type { Logger } from '../shared/logger.ts';
import { formatDuration } from '../text/durations.ts';
import { MeshTimeoutError } from './errors.ts';
import { readOptions, type WaitSettings } from './options.ts';
import { type SharedWait, startSharedWait } from './shared-wait.ts';
import type { WaitForMeshOptions } from './wait-for-mesh-options.ts';

/** What a wait has found. */
export type WaitForMeshResult = {
  readonly waitedMs: number;
  /** Questions asked, of all that was waited for. */
  readonly probes: number;
} & (
  | {
      /** The sidecars carry traffic: each with its proof. */
      readonly kind: 'ready';
      readonly sidecars: readonly SidecarFound[];
    }
  | {
      /** There is none to wait for: outside Kubernetes, in an ambient pod, or `mesh: 'none'`. */
      readonly kind: 'no-sidecar' | 'ambient';
      readonly reason: string;
    }
  | {
      /** MESH_SHIM_DISABLED gives the reason; nothing was asked. */
      readonly kind: 'disabled';
      readonly reason: string;
    }
  | {
      /** Only in mode `optional`: the wait ran out. */
      readonly kind: 'not-ready';
      readonly subject: string;
      readonly reason: string;
    }
);

/**
 * Resolves when the app may use the network: the sidecar really carries traffic, or there is none to wait for. What the
 * shim does before the app, for apps that are not started by it.
 *
 * Calls with the same options while one waits join its wait, its limit included. Nothing is left behind: no timer, no
 * socket, no listener.
 *
 * @throws MeshTimeoutError after `timeoutMs`, except in mode `optional`
 * @throws the reason of `signal` when that is aborted
 * @throws MeshOptionError for a wrong option
 */
export const waitForMesh = createWaitForMesh();

/** Holds the waits that are under way. */
function createWaitForMesh() {
  const underWay = new Map<string, SharedWait>();

  const share = (settings: WaitSettings): SharedWait => {
    const running = underWay.get(settings.key);
    if (running) return running;
    const wait = startSharedWait(settings);
    underWay.set(settings.key, wait);
    return wait;
  };

  return async (options: WaitForMeshOptions = {}): Promise<WaitForMeshResult> => {
    const settings = readOptions(options, process.env);
    const { disabled, signal, logger, key } = settings;
    signal?.throwIfAborted();
    if (disabled !== undefined) {
      logger.info({}, `switched off: ${disabled}`);
      return { kind: 'disabled', reason: disabled, waitedMs: 0, probes: 0 };
    }
    const wait = share(settings);
    const outcome = await attend(wait, settings, () => {
      // Who comes from here on must not join a wait that is over.
      underWay.delete(key);
    });
    return conclude(outcome, settings);
  };
}

/** Awaits the wait as one of its callers, who may leave earlier. */
function attend(wait: SharedWait, { signal, logger, onProgress }: WaitSettings, onLast: () => void) {
  let leave = (): boolean => false;
  let onAbort = (): void => {};
  return new Promise<WaitOutcome>((resolve, reject) => {
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    wait.outcome.then(resolve, reject);
    leave = wait.join((progress) => {
      // What a caller's own function throws ends this caller's wait, not that of the others.
      try {
        tell(logger, progress);
        onProgress?.(progress);
      } catch (error) {
        reject(error);
      }
    });
  }).finally(() => {
    signal?.removeEventListener('abort', onAbort);
    if (leave()) onLast();
  });
}

function tell(logger: Logger, { subject, ready, reason, waitedMs, probes }: WaitProgress): void {
  const fields = { subject, waitedMs: Math.round(waitedMs), probes };
  if (ready) logger.debug(fields, `${subject} is ready: ${reason}`);
  else logger.info(fields, `waiting for ${subject}: ${reason}`);
}

function conclude(outcome: WaitOutcome, { mode, logger }: WaitSettings): WaitForMeshResult {
  const { waitedMs, probes } = outcome;
  const fields = { waitedMs: Math.round(waitedMs), probes };
  if (outcome.kind === 'timed-out') {
    if (mode !== 'optional') throw new MeshTimeoutError(outcome);
    logger.info(fields, `${describeTimedOut(outcome)}; going on without it (mode optional)`);
    return { kind: 'not-ready', subject: outcome.subject, reason: outcome.reason, waitedMs, probes };
  }
  if (outcome.kind === 'cancelled') throw new Error('waitForMesh: cancelled although a caller waits');
  const { sidecars, absences } = outcome;
  if (sidecars.length > 0) {
    for (const { subject, proof } of sidecars) {
      logger.info(fields, `${subject} ready after ${formatDuration(waitedMs)}: ${proof}`);
    }
    return { kind: 'ready', sidecars, waitedMs, probes };
  }
  const { kind, reason } = absences[0] ?? { kind: 'no-sidecar' as const, reason: "no sidecar: mesh is 'none'" };
  logger.info(fields, `not waiting: ${reason}`);
  return { kind, reason, waitedMs, probes };
}
