import type { Settings } from '../src/command-line/option-values.ts';
import { startsAnyway } from '../src/command-line/settings.ts';
import type { Asker } from '../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../src/mesh/ask/cancel.ts';
import { readSurroundings } from '../src/mesh/wait/presence.ts';
import { adviseOnTimedOut, describeTimedOut, type Remedies } from '../src/mesh/wait/timed-out.ts';
import { type SidecarFound, type WaitOutcome, type WaitProgress, waitUntilReady } from '../src/mesh/wait/wait.ts';
import { createWaitPlan } from '../src/mesh/wait/wait-plan.ts';
import { formatDuration } from '../src/text/durations.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';

/** What the wait needs of the machine. */
export type WaitHost = Pick<Host, 'clock' | 'env' | 'readTextFile'>;

export interface WaitContext {
  readonly asker: Asker;
  readonly log: Log;
  readonly signal: CancelSignal;
  /** Not to say, where there was nothing to wait for, that there was nothing. */
  readonly quiet?: boolean;
}

export interface WaitResult {
  /** With what the shim ends instead of starting the app; undefined: the app may start. */
  readonly exitCode: number | undefined;
  readonly found: SidecarsFound;
}

/** The sidecars that are there, as far as a quit needs to know them; unknown where the wait has not come to its end. */
export type SidecarsFound =
  | readonly { readonly mesh: SidecarFound['mesh']; readonly serverInfo: SidecarFound['serverInfo'] | undefined }[]
  | 'unknown';

const remedies: Remedies = {
  longer: '--timeout',
  withoutSidecar: '--mode optional',
  otherAdmin: '--admin-url',
  otherReady: '--ready-url',
  otherProof: '--proof live',
  otherMesh: (names) => `--mesh ${names.join(',')}`,
  goOn: '--on-timeout start',
};

/** Waits as the settings say, and tells the log what for. */
export async function waitAsSet(
  host: WaitHost,
  settings: Settings,
  { asker, log, signal, quiet = false }: WaitContext,
): Promise<WaitResult> {
  let waits = false;
  const outcome = await waitUntilReady(createWaitPlan({ ...settings, read: (name) => host.env.get(name) }), {
    asker,
    clock: host.clock,
    signal,
    surroundings: () => readSurroundings(host.env.get('KUBERNETES_SERVICE_HOST'), host.readTextFile),
    onProgress(progress) {
      waits ||= !progress.ready;
      reportProgress(progress, log);
    },
  });
  switch (outcome.kind) {
    case 'ready':
      reportReady(outcome, log[quiet && !waits ? 'debug' : 'info']);
      return { exitCode: undefined, found: outcome.sidecars.map(({ mesh, serverInfo }) => ({ mesh, serverInfo })) };
    case 'timed-out':
      return { exitCode: judgeTimeOut(outcome, settings, log), found: 'unknown' };
    case 'cancelled':
      return { exitCode: undefined, found: 'unknown' };
  }
}

type OutcomeOf<Kind extends WaitOutcome['kind']> = Extract<WaitOutcome, { kind: Kind }>;

function reportProgress({ subject, ready, reason, waitedMs, probes }: WaitProgress, log: Log): void {
  const fields = { subject, waitedMs: Math.round(waitedMs), probes };
  if (ready) log.debug(`${subject} is ready: ${reason}`, fields);
  else log.info(`waiting for ${subject}: ${reason}`, fields);
}

function reportReady(outcome: OutcomeOf<'ready'>, say: Log['info']): void {
  const fields = fieldsOf(outcome);
  const waited = formatDuration(outcome.waitedMs);
  for (const { reason } of outcome.absences) say(`not waiting: ${reason}`, fields);
  for (const { subject, proof } of outcome.sidecars) say(`${subject} ready after ${waited}: ${proof}`, fields);
}

/** Says what follows from a wait that ran out; the exit code where the app does not start. */
function judgeTimeOut(outcome: OutcomeOf<'timed-out'>, settings: Settings, log: Log): number | undefined {
  const message = describeTimedOut(outcome);
  const fields = fieldsOf(outcome);
  if (!startsAnyway(settings)) {
    log.giveUp(`${message}; ${adviseOnTimedOut(outcome, remedies)}`, fields);
    return exitCodes.timedOut.code;
  }
  if (settings.mode === 'optional') log.info(`${message}; starting without it (mode optional)`, fields);
  else log.warn(`${message}; starting all the same`, fields);
  return undefined;
}

function fieldsOf({ waitedMs, probes }: WaitOutcome) {
  return { waitedMs: Math.round(waitedMs), probes };
}
