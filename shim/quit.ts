import type { Asker } from '../src/mesh/ask/asker.ts';
import { type CancelSignal, createCancelSource, pause } from '../src/mesh/ask/cancel.ts';
import { type Endpoint, parseHttpUrl, withPath } from '../src/mesh/ask/endpoint.ts';
import type { Observation, Question } from '../src/mesh/ask/question.ts';
import type { ServerInfo } from '../src/mesh/ask/server-info.ts';
import type { Clock } from '../src/mesh/ask/transport.ts';
import { describeObservation } from '../src/mesh/wait/gate.ts';
import { adminOf, type MeshSelection, profileOf } from '../src/mesh/wait/sidecar-gates.ts';
import type { Log } from './log.ts';
import type { Settings } from './options.ts';

/** Somebody to tell to quit. */
export interface QuitTarget {
  /** Addresses of which one belongs to the sidecar; the next is tried where nothing listens at one. */
  readonly endpoints: readonly Endpoint[];
  /** What to do when the answer is 404. */
  readonly notFound: string | undefined;
}

/** Whom to tell, by the settings and by what the wait has learned of the sidecar, if anything. */
export function quitTargets(settings: Settings, serverInfo: ServerInfo | undefined): QuitTarget[] {
  if (settings.quitUrl.length > 0) {
    return settings.quitUrl.map((endpoint) => ({ endpoints: [endpoint], notFound: undefined }));
  }
  return settings.mesh.map((mesh) => quitTargetOf(mesh, settings, serverInfo));
}

function quitTargetOf(mesh: MeshSelection[number], settings: Settings, serverInfo: ServerInfo | undefined): QuitTarget {
  const profile = profileOf(mesh);
  const admin = adminOf(profile, settings.adminUrl);
  const agent = profile.quitUrl === undefined ? [] : [parseHttpUrl(profile.quitUrl)];
  const envoy = admin === undefined ? [] : [withPath(admin, '/quitquitquit')];
  // Istio's agent ends together with its Envoy; told directly, Envoy alone would be started again by the agent.
  const isPlainEnvoy = mesh === 'auto' && serverInfo !== undefined && serverInfo.istio === undefined;
  const endpoints = isPlainEnvoy
    ? envoy
    : mesh === 'auto' && !serverInfo
      ? [...agent, ...envoy]
      : [...agent, ...envoy].slice(0, 1);
  return { endpoints, notFound: profile.quitNotFound };
}

export interface QuitContext {
  readonly asker: Asker;
  readonly clock: Clock;
  readonly log: Log;
  /** The whole effort in milliseconds; 0: without limit. */
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
}

/** From one try to the next; a sidecar that is just starting needs a moment to listen. */
const retryAfterMs = 100;

/** Tells all targets, side by side. Resolves with whether each has taken it. */
export async function tellToQuit(targets: readonly QuitTarget[], context: QuitContext): Promise<boolean> {
  const end = createCancelSource();
  const stopListening = context.signal.onCancel(end.cancel);
  const stopTimer = context.timeoutMs > 0 ? context.clock.after(context.timeoutMs, end.cancel) : () => {};
  const taken = await Promise.all(targets.map((target) => tellOne(target, { ...context, signal: end.signal })));
  stopTimer();
  stopListening();
  return taken.every(Boolean);
}

type Step = 'taken' | 'failed' | 'again' | 'next';

/** Repeats while nothing listens or the answer is 5xx; never after a 2xx, nor when the request may have been heard. */
async function tellOne(target: QuitTarget, { asker, clock, log, signal }: QuitContext): Promise<boolean> {
  let last = 'no time was left to ask';
  for (let index = 0; !signal.cancelled; index = (index + 1) % target.endpoints.length) {
    const question: Question = { kind: 'status', endpoint: target.endpoints[index] as Endpoint, method: 'POST' };
    const observation = await asker.ask(question, 0, signal);
    if (signal.cancelled) {
      const unanswered = observation.kind === 'failed' && observation.sent;
      if (unanswered) last = `${question.endpoint.text} took the request and has not answered`;
      break;
    }
    last = describeObservation(question, observation);
    const step = judge(observation);
    if (step === 'taken') {
      log.info(`told the sidecar to quit: ${last}`);
      return true;
    }
    if (step === 'failed') {
      const cure = observation.kind === 'reply' && observation.status === 404 ? target.notFound : undefined;
      log.warn(`the sidecar does not take the request to quit and stays: ${last}${cure ? `; ${cure}` : ''}`);
      return false;
    }
    const isLastEndpoint = index === target.endpoints.length - 1;
    if (step === 'again' || isLastEndpoint) await pause(clock, retryAfterMs, signal);
  }
  log.warn(`the sidecar could not be told to quit in time and may stay: ${last}`);
  return false;
}

function judge(observation: Observation): Step {
  if (observation.kind === 'reply') {
    if (observation.status >= 200 && observation.status < 300) return 'taken';
    return observation.status >= 500 ? 'again' : 'failed';
  }
  // Ended in the middle of the answer: a proxy that quits at once has no time to finish it.
  if (observation.kind === 'failed' && observation.sent) return 'taken';
  return 'next';
}
