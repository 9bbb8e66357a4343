import type { Settings } from '../../src/command-line/option-values.ts';
import {
  configStatus,
  controlPlaneConnected,
  parseCertificates,
  parseStats,
  parseUptime,
  statFilter,
  workersStarted,
} from '../../src/mesh/admin/admin-answers.ts';
import { findingsOf } from '../../src/mesh/admin/sidecar-findings.ts';
import type { Asker } from '../../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../../src/mesh/ask/cancel.ts';
import { type Endpoint, withPath } from '../../src/mesh/ask/endpoint.ts';
import type { Observation, Question } from '../../src/mesh/ask/question.ts';
import { parseServerInfo, type ServerInfo } from '../../src/mesh/ask/server-info.ts';
import { type Mesh, profileOf } from '../../src/mesh/profiles/profiles.ts';
import type { Gate } from '../../src/mesh/wait/gate.ts';
import { judgeAbsence, readSurroundings } from '../../src/mesh/wait/presence.ts';
import { describeRecognised, recogniseSidecars } from '../../src/mesh/wait/recognise.ts';
import { adminOf, createSidecarGates } from '../../src/mesh/wait/sidecar-gates.ts';
import { formatTimestamp } from '../../src/text/timestamp.ts';
import type { Host } from '../host.ts';
import type { SidecarStatus } from './sidecar-status.ts';

export interface StatusContext {
  readonly host: Pick<Host, 'wallClockMs' | 'env' | 'readTextFile'>;
  readonly settings: Pick<Settings, 'addresses' | 'proof' | 'probeTimeoutMs'>;
  readonly asker: Asker;
  readonly signal: CancelSignal;
}

/** Asks one mesh's sidecar once for all that it says of itself. */
export async function examineSidecar(mesh: Mesh, context: StatusContext): Promise<SidecarStatus> {
  const { settings, host } = context;
  const addresses = settings.addresses.get(mesh);
  const gates = createSidecarGates(mesh, { addresses, proof: settings.proof, read: (name) => host.env.get(name) });
  const { ready, reason, absentAt, info, infoText } = await judgeAll(gates, context);
  const admin = info && adminOf(profileOf(mesh), addresses?.admin);
  const get = async (path: string): Promise<string> => {
    const observation = admin && (await ask({ kind: 'text', endpoint: withPath(admin, path) }, context));
    return observation?.kind === 'reply' && observation.status === 200 ? observation.body : '';
  };
  const stats = parseStats(await get(`/stats?filter=${statFilter}`));
  const uptimeSeconds = parseUptime(infoText);
  const facts = {
    state: info?.state ?? null,
    listeners: configStatus(stats, 'listener_manager.total_listeners_active', 'listener_manager.lds'),
    clusters: configStatus(stats, 'cluster_manager.active_clusters', 'cluster_manager.cds'),
    certificates: parseCertificates(await get('/certs')),
    connected: controlPlaneConnected(stats),
  };
  return {
    mesh: mesh === 'auto' ? meshNameOf(info) : mesh,
    sidecar: 'present',
    ready,
    reason,
    state: facts.state,
    version: info?.version ?? null,
    meshVersion: info?.istio?.version ?? null,
    nodeId: info?.nodeId ?? null,
    startedAt: uptimeSeconds === null ? null : formatTimestamp(host.wallClockMs() - uptimeSeconds * 1000),
    uptimeSeconds,
    workersStarted: workersStarted(stats),
    listeners: facts.listeners,
    clusters: facts.clusters,
    certificates: facts.certificates,
    controlPlane: facts.connected,
    findings: findingsOf(facts, host.wallClockMs()),
    ...(absentAt && (await describeAbsence(mesh, absentAt, context))),
  };
}

/** Of a sidecar that runs more than once, the first that is not ready speaks for all. */
async function judgeAll(gates: readonly Gate[], context: StatusContext) {
  const judgements = await Promise.all(gates.map((gate) => judgeOnce(gate, context)));
  return judgements.find(({ ready }) => !ready) ?? (judgements[0] as (typeof judgements)[number]);
}

/** Nothing listens there: in an ambient pod nothing will, and the app may start; or the sidecar is another mesh's. */
async function describeAbsence(mesh: Mesh, { text, path, addresses }: Endpoint, context: StatusContext) {
  const { host, asker, signal } = context;
  const place = text.endsWith(path) ? text.slice(0, text.length - path.length) : text;
  const nothing = `nothing listens on ${place}${addresses.length > 1 ? ' (IPv4 and IPv6)' : ''}`;
  const surroundings = readSurroundings(host.env.get('KUBERNETES_SERVICE_HOST'), (file) => host.readTextFile(file));
  const absence = judgeAbsence(mesh, surroundings, nothing);
  if (absence?.kind === 'ambient')
    return { mesh: 'istio', sidecar: 'ambient', ready: true, reason: absence.reason } as const;
  const around = { ...surroundings, read: (name: string) => host.env.get(name) };
  const others = mesh === 'auto' ? await recogniseSidecars(asker, around, signal) : [];
  const hint = others.length === 0 ? '' : `; ${describeRecognised(others)}: --mesh ${others.join(',')} asks that`;
  return { sidecar: 'absent', reason: nothing + hint } as const;
}

/** One round of the gate, and what its question for /server_info has brought. */
async function judgeOnce(gate: Gate, context: StatusContext) {
  let info: ServerInfo | undefined;
  let infoText = '';
  let asked: Endpoint | undefined;
  for (;;) {
    const question = gate.next();
    asked ??= question.endpoint;
    const isForInfo = question.kind === 'server-info';
    const observation = isForInfo ? await askForInfo(question, context) : await ask(question, context);
    if (observation.kind === 'reply' && observation.status === 200 && observation.serverInfo) {
      info = observation.serverInfo;
      infoText = observation.body;
    }
    const verdict = gate.observe(observation);
    if (verdict.kind === 'ready') return { ready: true, reason: verdict.proof, info, infoText };
    if (verdict.kind === 'not-yet') {
      const absentAt = verdict.cause === 'absent' ? asked : undefined;
      return { ready: false, reason: verdict.reason, absentAt, info, infoText };
    }
  }
}

/** Asks for the whole document, once: it says more than the gate would read. One that is too long for that is asked as the gate would. */
async function askForInfo(question: Question, context: StatusContext): Promise<Observation> {
  const whole = await ask({ ...question, kind: 'text' }, context);
  if (whole.kind === 'failed' && (whole.failure === 'protocol' || whole.failure === 'too-large'))
    return ask(question, context);
  if (whole.kind !== 'reply') return whole;
  const serverInfo = parseServerInfo(whole.body);
  return serverInfo ? { ...whole, serverInfo } : whole;
}

function ask(question: Question, { asker, settings, signal }: StatusContext): Promise<Observation> {
  return asker.ask(question, settings.probeTimeoutMs, signal);
}

function meshNameOf(info: ServerInfo | undefined): string {
  if (!info) return 'unknown';
  return info.istio ? 'istio' : 'envoy';
}
