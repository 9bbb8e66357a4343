import { type Endpoint, withPath, withPort } from '../ask/endpoint.ts';
import { isAbsent, isReply, type Observation, type Question } from '../ask/question.ts';
import type { EnvoyState, ServerInfo } from '../ask/server-info.ts';
import type { MeshProfile } from '../profiles/mesh-profile.ts';
import {
  ask,
  causeOf,
  describeObservation,
  type Gate,
  type GateKind,
  type GateVerdict,
  gateKind,
  type NotYetCause,
  notYet,
} from './gate.ts';
import { type Proof, trafficStatisticsPath } from './proof.ts';
import { judgeTraffic } from './traffic-statistics.ts';

export interface EnvoyGateOptions extends GateKind {
  /** Of the profile, where the user has chosen none. */
  readonly profileProof: NonNullable<MeshProfile['proof']>;
  readonly proof: Proof;
  readonly admin: Endpoint;
  /** The profile's readiness address: the proof for Istio, and what decides alone where the admin is locked. */
  readonly ready?: Endpoint | undefined;
  /** The body with which that address says yes; undefined: whatever stands in a 200. */
  readonly readyBody?: string | undefined;
  /** A readiness address that the user named: must say 200 for every kind of Envoy, and overrides the one above. */
  readonly alsoReady?: Endpoint | undefined;
}

type Phase = 'cheap' | 'server-info' | 'statistics' | 'ready-url' | 'ready-url-alone';

/**
 * When an Envoy carries traffic. LIVE alone is not enough: with listeners that it rejected, an Envoy stays LIVE for
 * ever while it resets every connection. So: the admin says LIVE, and on Istio the agent's readiness (which knows whether
 * listeners and clusters have arrived) says 200, and on any other Envoy its statistics speak of workers and listeners.
 * Where the admin is locked (refused, 401, 403, 404), readiness alone decides.
 *
 * The first question is `/server_info`: it says what the sidecar is, and of one that is LIVE already that is enough to
 * know the proof. While it waits it asks `/ready`, a few bytes instead of the 126 KB that `/server_info` may have, so
 * that one answer of `/ready` and one of the proof are enough when it counts.
 */
export function createEnvoyGate(options: EnvoyGateOptions): Gate {
  const { admin, alsoReady } = options;
  const readyQuestion: Question = { kind: 'text', endpoint: withPath(admin, '/ready') };
  const infoQuestion: Question = { kind: 'server-info', endpoint: withPath(admin, '/server_info') };
  const statisticsQuestion: Question = { kind: 'text', endpoint: withPath(admin, trafficStatisticsPath) };
  let phase: Phase = 'server-info';
  /** Envoy before 1.11 has no /ready: there /server_info is the cheap question. */
  let hasReadyPath = true;
  let serverInfo: ServerInfo | undefined;
  /** Whether the sidecar that is there has said what it is. */
  let identified = false;
  /** Why the admin could not be asked, when the readiness address decides alone. */
  let closedAdmin: { readonly said: string; readonly absent: boolean } | undefined;

  /** Made anew only for another port: it is asked in every round, and reading an address costs as much as a question. */
  let lastStatus: { readonly port: number | undefined; readonly question: Question } | undefined;
  const statusQuestion = (): Question => {
    const port = serverInfo?.istio?.statusPort;
    if (!lastStatus || lastStatus.port !== port) {
      lastStatus = { port, question: { kind: 'status', endpoint: readyEndpoint(port) as Endpoint } };
    }
    return lastStatus.question;
  };

  const readyEndpoint = (port: number | undefined): Endpoint | undefined => {
    if (alsoReady || !options.ready || port === undefined) return alsoReady ?? options.ready;
    return withPort(options.ready, port, options.ready.path);
  };

  const next = (): Question => {
    switch (phase) {
      case 'cheap':
        return hasReadyPath ? readyQuestion : infoQuestion;
      case 'server-info':
        return infoQuestion;
      case 'statistics':
        return statisticsQuestion;
      default:
        return statusQuestion();
    }
  };

  const go = (to: Phase): GateVerdict => {
    phase = to;
    return ask;
  };

  const wait = (reason: string, cause: NotYetCause): GateVerdict => {
    phase = identified ? 'cheap' : 'server-info';
    return notYet(reason, cause);
  };

  const waitForState = (state: Exclude<EnvoyState, 'LIVE'>): GateVerdict =>
    wait(`the sidecar is ${state}`, state === 'DRAINING' ? 'draining' : 'initializing');

  const ready = (proof: string): GateVerdict => {
    phase = 'cheap';
    return { kind: 'ready', proof, ...(serverInfo ? { serverInfo: { ...serverInfo, state: 'LIVE' } } : {}) };
  };

  /** Answers of the admin that are the same for each of its paths. */
  const observeAdmin = (observation: Observation): GateVerdict | undefined => {
    const said = describeObservation(next(), observation);
    const absent = isAbsent(observation);
    if (absent || isLocked(observation)) {
      // Whoever comes up at this address next may be another proxy.
      serverInfo = undefined;
      identified = false;
      if (absent) hasReadyPath = true;
      closedAdmin = { said, absent };
      return (alsoReady ?? options.ready) ? go('ready-url-alone') : wait(said, absent ? 'absent' : 'locked');
    }
    return observation.kind === 'reply' ? undefined : wait(said, 'no-answer');
  };

  const observeCheap = (observation: Observation): GateVerdict => {
    if (observation.kind !== 'reply') return observeAdmin(observation) ?? ask;
    if (observation.status === 200) return go(serverInfo ? proofPhase(serverInfo) : 'server-info');
    const state = stateName(observation.body);
    if (state) return waitForState(state);
    // Not what /ready says on any Envoy: an old one, or an admin that shows some paths only.
    if (isLocked(observation)) hasReadyPath = false;
    return go('server-info');
  };

  const observeInfo = (observation: Observation): GateVerdict => {
    const admitted = observeAdmin(observation);
    if (admitted) return admitted;
    if (observation.kind !== 'reply' || observation.status !== 200) {
      return wait(describeObservation(infoQuestion, observation), 'not-envoy');
    }
    if (!observation.serverInfo) {
      return wait(`${infoQuestion.endpoint.text} says 200, but not what Envoy says there`, 'not-envoy');
    }
    serverInfo = observation.serverInfo;
    identified = true;
    return serverInfo.state === 'LIVE' ? go(proofPhase(serverInfo)) : waitForState(serverInfo.state);
  };

  const proofPhase = (info: ServerInfo | undefined): Phase => {
    const { profileProof } = options;
    const isIstio = profileProof === 'ready-url' || (profileProof === 'by-identity' && info?.istio !== undefined);
    return isIstio && options.proof === 'auto' ? 'ready-url' : 'statistics';
  };

  /**
   * Where nothing runs yet, the admin or readiness comes first. Istio's readiness comes through a listener of Envoy's own, and
   * Envoy listens nowhere before its workers start.
   */
  const closedPorts = (): readonly Endpoint[] => {
    if (!identified && closedAdmin?.absent) {
      const ready = readyEndpoint(undefined);
      return ready ? [admin, ready] : [admin];
    }
    const isThere = identified || closedAdmin !== undefined;
    return isThere && !alsoReady && proofPhase(serverInfo) === 'ready-url' ? [statusQuestion().endpoint] : [];
  };

  const observeStatistics = (observation: Observation): GateVerdict => {
    const said = describeObservation(statisticsQuestion, observation);
    if (observation.kind !== 'reply') return observeAdmin(observation) ?? wait(said, 'no-answer');
    const hidden = isLocked(observation);
    if (observation.status !== 200 && !hidden) return wait(said, 'no-answer');
    const verdict = judgeTraffic(hidden ? '' : observation.body, options.proof);
    if (!verdict.ready) return wait(verdict.reason, verdict.cause);
    return alsoReady ? go('ready-url') : ready(verdict.proof);
  };

  const observeReadyUrl = (observation: Observation): GateVerdict => {
    const said = describeObservation(statusQuestion(), observation);
    if (isReply(observation, 200)) return ready(`LIVE, ${said}`);
    const live = `the sidecar is LIVE, but ${said}`;
    const cause = readinessCauseOf(observation);
    // Istio's agent says no for one reason when Envoy is LIVE; what an address of the user's means, nobody knows here.
    if (cause !== 'says-no' || alsoReady) return wait(live, cause);
    return wait(`${live} (listeners or clusters not received, or rejected)`, 'configuration');
  };

  const observeReadyUrlAlone = (observation: Observation): GateVerdict => {
    const said = describeObservation(statusQuestion(), observation);
    const admin = closedAdmin as NonNullable<typeof closedAdmin>;
    if (saysReady(observation)) return ready(`${said}; ${admin.said}`);
    if (isReply(observation, 200)) {
      return wait(`${admin.said}; ${said}, which is not Envoy's own word (${options.readyBody})`, 'initializing');
    }
    // Two refusals say the same thing twice.
    if (admin.absent && isAbsent(observation)) return wait(admin.said, 'absent');
    return wait(`${admin.said}; ${said}`, readinessCauseOf(observation));
  };

  const saysReady = (observation: Observation): boolean => {
    if (observation.kind !== 'reply' || observation.status !== 200) return false;
    const { readyBody } = options;
    return alsoReady !== undefined || readyBody === undefined || observation.body.trim() === readyBody;
  };

  const observers = {
    cheap: (observation: Observation) => (hasReadyPath ? observeCheap : observeInfo)(observation),
    'server-info': observeInfo,
    statistics: observeStatistics,
    'ready-url': observeReadyUrl,
    'ready-url-alone': observeReadyUrlAlone,
  };

  return { ...gateKind(options), next, observe: (observation) => observers[phase](observation), closedPorts };
}

/** Of a sidecar that is there, whatever its readiness address says. */
function readinessCauseOf(observation: Observation): NotYetCause {
  return isAbsent(observation) ? 'no-readiness' : causeOf(observation);
}

function isLocked(observation: Observation): boolean {
  return isReply(observation, 401) || isReply(observation, 403) || isReply(observation, 404);
}

/** /ready names the state in its body; anything else in there is not repeated to people. */
function stateName(body: string) {
  const name = body.trim();
  return (['PRE_INITIALIZING', 'INITIALIZING', 'DRAINING'] as const).find((state) => state === name);
}
