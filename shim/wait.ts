import type { Asker } from '../src/mesh/asker.ts';
import type { CancelSignal } from '../src/mesh/cancel.ts';
import { formatDuration } from '../src/mesh/durations.ts';
import { createSidecarGate } from '../src/mesh/plan.ts';
import { parseListeningPorts, type Surroundings } from '../src/mesh/presence.ts';
import { type WaitOutcome, waitUntilReady } from '../src/mesh/wait.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';
import type { Settings } from './options.ts';

/** Waits as the settings say, and tells the log what for. */
export async function waitForMesh(
  host: Host,
  settings: Settings,
  asker: Asker,
  log: Log,
  signal: CancelSignal,
): Promise<WaitOutcome> {
  const { mesh, adminUrl, readyUrl, waitFor } = settings;
  const outcome = await waitUntilReady(
    {
      sidecars: mesh.map((name) => createSidecarGate(name, { admin: adminUrl, ready: readyUrl })),
      others: waitFor,
      mode: settings.mode,
      timeoutMs: settings.timeoutMs,
      probeTimeoutMs: settings.probeTimeoutMs,
      intervalMs: settings.intervalMs,
    },
    {
      asker,
      clock: host.clock,
      signal,
      surroundings: () => lookAround(host),
      onProgress: ({ subject, ready, reason, waitedMs, probes }) => {
        const fields = { subject, waitedMs: Math.round(waitedMs), probes };
        if (ready) log.debug(`${subject} is ready: ${reason}`, fields);
        else log.info(`waiting for ${subject}: ${reason}`, fields);
      },
    },
  );
  report(outcome, settings, log);
  return outcome;
}

function report(outcome: WaitOutcome, settings: Settings, log: Log): void {
  const fields = { waitedMs: Math.round(outcome.waitedMs), probes: outcome.probes };
  const waited = formatDuration(outcome.waitedMs);
  if (outcome.kind === 'ready') {
    if (outcome.absence) log.info(`not waiting: ${outcome.absence.reason}`, fields);
    for (const { subject, proof } of outcome.sidecars) log.info(`${subject} ready after ${waited}: ${proof}`, fields);
  } else if (outcome.kind === 'timed-out') {
    const message = `${outcome.subject} not ready in time: waited ${waited}, ${outcome.probes} probes, last: ${outcome.reason}`;
    const starts = settings.onTimeout === 'start' || settings.mode === 'optional';
    if (settings.mode === 'optional') log.info(`${message}; starting without it (mode optional)`, fields);
    else log[starts ? 'warn' : 'error'](`${message}; ${starts ? 'starting all the same' : hint(outcome)}`, fields);
  }
}

/** What to do about a wait that ran out, by what it ended at. */
function hint({ absent, reason, subject }: Extract<WaitOutcome, { kind: 'timed-out' }>): string {
  if (subject.includes(':')) return 'is the address right, and does the service run? --timeout gives it longer';
  if (absent) return 'is the pod injected? --mode optional starts without a sidecar, --admin-url names another address';
  if (reason.includes('DRAINING')) return 'the sidecar is shutting down or was told to fail its health check';
  if (reason.includes('INITIALIZING')) return 'can the proxy reach its control plane? look at the log of the sidecar';
  if (reason.includes('rejected'))
    return "look for rejected listeners in the sidecar's log or with istioctl proxy-status";
  return '--timeout gives it longer, --on-timeout start goes on without it';
}

function lookAround(host: Host): Surroundings {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => host.readTextFile(path));
  const readable = tables.filter((table) => table !== undefined);
  return {
    inKubernetes: (host.env.get('KUBERNETES_SERVICE_HOST') ?? '') !== '',
    listeningPorts: readable.length === 0 ? undefined : parseListeningPorts(readable),
  };
}
