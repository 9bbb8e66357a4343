import { formatDuration } from '../../text/durations.ts';
import type { Asker } from '../ask/asker.ts';
import { type CancelSignal, createCancelSource, pause } from '../ask/cancel.ts';
import type { Observation, Question } from '../ask/question.ts';
import type { ServerInfo } from '../ask/server-info.ts';
import type { Clock } from '../ask/transport.ts';
import type { Mesh, MeshName } from '../profiles/profiles.ts';
import { pauseAfter } from './cadence.ts';
import { describeObservation, type Gate, type GateKind, type GateVerdict, gateKind, type NotYetCause } from './gate.ts';
import { createPortPatience } from './port-patience.ts';
import { type Absence, judgeAbsence, type Surroundings } from './presence.ts';
import { recogniseSidecars } from './recognise.ts';
import type { WaitPlan } from './wait-plan.ts';

export interface WaitContext {
  readonly asker: Asker;
  readonly clock: Clock;
  readonly signal: CancelSignal;
  /** Looked at only while nothing listens where the sidecar should be. */
  readonly surroundings: () => Surroundings;
  /** Told of each change of the reason to wait, of each gate. */
  readonly onProgress?: (progress: WaitProgress) => void;
}

export interface WaitProgress {
  readonly subject: string;
  readonly ready: boolean;
  /** Why not yet, or the proof. */
  readonly reason: string;
  readonly waitedMs: number;
  readonly probes: number;
}

export interface SidecarFound {
  readonly subject: string;
  readonly mesh: Mesh;
  readonly proof: string;
  readonly serverInfo?: ServerInfo;
}

export type WaitOutcome = { readonly waitedMs: number; readonly probes: number } & (
  | { readonly kind: 'ready'; readonly sidecars: readonly SidecarFound[]; readonly absences: readonly Absence[] }
  | ({
      readonly kind: 'timed-out' /** Whose sidecars are there instead. */;
      readonly recognised: readonly MeshName[];
    } & Blame)
  | { readonly kind: 'cancelled' }
);

/** What a wait that ran out ended at. */
export interface Blame extends GateKind {
  readonly reason: string;
  readonly cause: NotYetCause;
}

/** How old a sidecar's "ready" may be when the app starts: what else was waited for may have taken minutes. */
const freshMs = 1_000;

/** A timer that is later than this was not late by load: the container was frozen, or the machine slept. */
const frozenMs = 300;
/** What is left for a last look then. */
const lastLookMs = 1_000;

/** A gate that is not open. */
interface Waiting {
  /** Why it was not, when last asked; empty: no answer yet. */
  reason: string;
  cause: NotYetCause;
  /** Who is being asked, or nobody (empty), since when, and how long a silence is no news. */
  askedOf: string;
  askedAt: number;
  patienceMs: number;
}

type Pursued = Extract<GateVerdict, { kind: 'ready' }> | Absence;

/** Waits until all is ready. Never rejects; leaves no timer and no listener behind. */
export async function waitUntilReady(plan: WaitPlan, context: WaitContext): Promise<WaitOutcome> {
  const { clock } = context;
  const startedAt = clock.now();
  const end = createCancelSource();
  const stopListening = context.signal.onCancel(end.cancel);
  let stopTimer = (): void => {};
  const endAfter = (ms: number, otherwise?: () => void): void => {
    const dueAt = clock.now() + ms;
    stopTimer = clock.after(ms, () => (otherwise && clock.now() - dueAt > frozenMs ? otherwise() : end.cancel()));
  };
  // Who was frozen beyond the end has not looked for as long: what it saw last says nothing about now.
  if (plan.timeoutMs > 0) endAfter(plan.timeoutMs, () => endAfter(lastLookMs));
  const pursuit = createPursuit(plan, { ...context, signal: end.signal }, startedAt, end.cancel);

  let sidecars: SidecarFound[];
  let absences: Absence[];
  let checkedOthers = false;
  for (;;) {
    const setbacks = pursuit.setbacks();
    const found = await Promise.all(plan.sidecars.map(pursuit.pursue));
    sidecars = [];
    absences = [];
    for (const [index, result] of found.entries()) {
      const { subject, mesh = 'auto' } = plan.sidecars[index] as Gate;
      if (result?.kind === 'ready') sidecars.push({ ...result, subject, mesh });
      else if (result) absences.push(result);
    }
    // Asked again and still ready: the others, which may each take long to answer, need no second look.
    if (checkedOthers && pursuit.setbacks() === setbacks) break;
    const readyAt = clock.now();
    await Promise.all(plan.others.map(pursuit.pursue));
    checkedOthers = true;
    if (end.signal.cancelled || sidecars.length === 0 || clock.now() - readyAt <= freshMs) break;
  }

  stopTimer();
  stopListening();
  const waited = { waitedMs: clock.now() - startedAt, probes: pursuit.probes() };
  if (context.signal.cancelled) return { kind: 'cancelled', ...waited };
  if (end.signal.cancelled) {
    const blame = pursuit.blame();
    const isUnnamed = blame.mesh === 'auto' && blame.cause === 'absent';
    const { asker, signal, surroundings } = context;
    const recognised = isUnnamed ? await recogniseSidecars(asker, { ...surroundings(), read: plan.read }, signal) : [];
    return { kind: 'timed-out', ...blame, recognised, ...waited };
  }
  return { kind: 'ready', sidecars, absences, ...waited };
}

/** Pursues gates side by side, and knows at any moment what the wait is for. */
function createPursuit(
  plan: WaitPlan,
  { asker, clock, signal, surroundings, onProgress }: WaitContext,
  startedAt: number,
  /** Ends the wait. */
  stop: () => void,
) {
  const waiting = new Map<Gate, Waiting>();
  let probes = 0;
  let setbacks = 0;

  const report = (gate: Gate, ready: boolean, reason: string): void =>
    onProgress?.({ subject: gate.subject, ready, reason, waitedMs: clock.now() - startedAt, probes });

  /** Resolves when the gate is open, or with undefined when the wait has ended before. */
  const pursue = async (gate: Gate): Promise<Pursued | undefined> => {
    const state: Waiting = { reason: '', cause: 'no-answer', askedOf: '', askedAt: 0, patienceMs: 0 };
    waiting.set(gate, state);
    let roundAt = clock.now();
    const portOpens = createPortPatience(gate, plan, { asker, clock, signal }, startedAt);
    let lookAgainAt = Number.NEGATIVE_INFINITY;
    const noteAsked = (question: Question, dueMs: number): void => {
      probes++;
      state.askedOf = question.endpoint.text;
      state.askedAt = clock.now();
      state.patienceMs = hangingIsNewsMs + dueMs;
    };
    const ask = (question: Question): Promise<Observation> => {
      noteAsked(question, 0);
      return asker.ask(question, plan.probeTimeoutMs, signal);
    };
    /** Asks the next round's first question after the pause: repeatedly, as long as that brings what was judged last. */
    const askNextRound = async (question: Question, judged: Observation) => {
      const pauseMs = (): number => {
        const now = clock.now();
        return Math.max(roundAt + pauseAfter(judged, now - startedAt, plan) - now, 0);
      };
      if (await portOpens(judged)) {
        roundAt = clock.now();
        return signal.cancelled ? judged : await ask(question);
      }
      const onAsk = (): void => {
        roundAt = clock.now();
        // Of an answer like the last nobody hears: it may have come until the next question is due.
        noteAsked(question, pauseMs());
      };
      const rhythm = { pauseMs, onAsk };
      const repeated = asker.repeat(question, judged, rhythm, plan.probeTimeoutMs, signal);
      if (repeated !== undefined) return await repeated;
      await pause(clock, pauseMs(), signal);
      roundAt = clock.now();
      return signal.cancelled ? judged : await ask(question);
    };

    if (signal.cancelled) return undefined;
    let question = gate.next();
    let observation = await ask(question);
    while (!signal.cancelled) {
      state.askedOf = '';
      if (observation.kind === 'failed' && observation.failure === 'denied') {
        state.reason = describeObservation(question, observation);
        state.cause = 'denied';
        stop();
        return undefined;
      }
      const verdict = gate.observe(observation);
      if (verdict.kind === 'ask') {
        question = gate.next();
        observation = await ask(question);
        continue;
      }
      if (verdict.kind === 'ready') {
        waiting.delete(gate);
        report(gate, true, verdict.proof);
        return verdict;
      }
      setbacks++;
      const mayBeAbsent = gate.mesh !== undefined && plan.mode !== 'required';
      if (verdict.cause === 'absent' && mayBeAbsent && clock.now() >= lookAgainAt) {
        lookAgainAt = clock.now() + lookAgainMs;
        const absence = judgeAbsence(gate.mesh, surroundings(), verdict.reason);
        if (absence) {
          waiting.delete(gate);
          return absence;
        }
      }
      if (verdict.reason !== state.reason) report(gate, false, verdict.reason);
      state.reason = verdict.reason;
      state.cause = verdict.cause;
      question = gate.next();
      observation = await askNextRound(question, observation);
    }
    return undefined;
  };

  /** Which gate the wait ended at, and why it was not open. */
  const blame = (): Blame => {
    const all = [...waiting];
    const denied = all.find(([, state]) => state.cause === 'denied');
    const [gate, { reason, cause, askedOf, askedAt, patienceMs }] = denied ?? (all[0] as [Gate, Waiting]);
    const about = gateKind(gate);
    const hangingMs = askedOf === '' ? 0 : clock.now() - askedAt;
    if (reason !== '' && hangingMs <= patienceMs) return { ...about, reason, cause };
    const before = reason === '' ? '' : ` (before: ${reason})`;
    const hanging = `${askedOf} has not answered for ${formatDuration(hangingMs)}${before}`;
    return { ...about, reason: hanging, cause: 'no-answer' };
  };

  return { pursue, blame, probes: () => probes, /** How often a gate was found closed. */ setbacks: () => setbacks };
}

/** Looking around costs more than asking: reading the kernel's socket tables. */
const lookAgainMs = 500;

/** An answer that is this late at the end of the wait is the reason for it. */
const hangingIsNewsMs = 500;
