import {
  configStatus,
  controlPlaneConnected,
  parseCertificates,
  parseStats,
  parseUptime,
} from '../../mesh/admin/admin-answers.ts';
import { findingsOf } from '../../mesh/admin/sidecar-findings.ts';
import { weights } from '../causes/cause.ts';
import { causes } from '../causes/index.ts';
import { type ClusterKind, clusterFacts, clusterKind } from '../decide/cluster-name.ts';
import { decideText } from '../decide/decide-text.ts';
import type { Finding } from '../decide/finding.ts';
import { isDict, parseJson, textOf } from '../read/json.ts';
import { type ClusterSeen, readClusters } from './clusters-answer.ts';
import { type CounterMeaning, clusterCounters, listenerCounters } from './counter-table.ts';
import type { SidecarAnswers } from './sidecar-answers.ts';

/** One live sidecar: what it is, and what is wrong with it. */
export interface Diagnosis {
  readonly sidecar: SidecarSeen;
  /** Most important first; empty where nothing has failed. */
  readonly findings: readonly Finding[];
}

export interface SidecarSeen {
  readonly state: string | undefined;
  readonly version: string | undefined;
  readonly istio: string | undefined;
  readonly uptimeSeconds: number | null;
  readonly clusters: number;
}

interface Counted extends Finding {
  readonly count: number;
}

/** Clusters of the sidecar itself, by which it reaches its agent and its control plane. */
const ownClusters = ['agent', 'prometheus_stats', 'sds-grpc', 'xds-grpc', 'zipkin'];

/** Reads what a sidecar answered, and decides what is wrong: what it was not given first, then what has failed most. */
export function diagnoseSidecar(answers: SidecarAnswers, nowMs: number): Diagnosis {
  const stats = parseStats(answers.stats);
  const clusters = readClusters(answers.clusters).filter(({ name }) => !ownClusters.includes(name));
  const sidecar = readSidecar(answers.serverInfo, clusters.length);
  const facts = {
    state: sidecar.state ?? null,
    listeners: configStatus(stats, 'listener_manager.total_listeners_active', 'listener_manager.lds'),
    clusters: configStatus(stats, 'cluster_manager.active_clusters', 'cluster_manager.cds'),
    certificates: parseCertificates(answers.certs),
    connected: controlPlaneConnected(stats),
  };
  const own = findingsOf(facts, nowMs).map(({ finding, cause }) => refined(cause, finding, answers.listeners));
  const counted = [...clusters.flatMap((cluster) => ofCluster(cluster, stats)), ...ofListeners(stats)];
  const byWeight = counted.toSorted((a, b) => rank(a) - rank(b) || b.count - a.count);
  return {
    sidecar,
    findings: [...ofState(facts), ...withoutRepeats(own), ...byWeight.map(({ count: _, ...finding }) => finding)],
  };
}

function rank({ cause }: Finding): number {
  return weights.indexOf(causes[cause].weight);
}

/** A rejected listener and a rejected cluster are one cause. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ cause }, index) => findings.findIndex((other) => other.cause === cause) === index);
}

function readSidecar(serverInfo: string, clusters: number): SidecarSeen {
  const document = parseJson(serverInfo);
  const { state, version, node } = isDict(document) ? document : {};
  const metadata = isDict(node) && isDict(node.metadata) ? node.metadata : {};
  return {
    state: textOf(state),
    version: textOf(version)?.split('/')[1] ?? textOf(version),
    istio: textOf(metadata.ISTIO_VERSION),
    uptimeSeconds: parseUptime(serverInfo),
    clusters,
  };
}

/** Before it is LIVE nothing else matters. */
function ofState({ state, listeners, clusters }: Parameters<typeof findingsOf>[0]): Finding[] {
  if (state === null || state === 'LIVE') return [];
  const because = `its state is ${state}`;
  if (state === 'DRAINING') return [{ cause: 'sidecar-draining', sure: 'certain', because, facts: { state } }];
  const waits = listeners?.updates === 0 || clusters?.updates === 0;
  if (!waits) return [{ cause: 'sidecar-starting', sure: 'certain', because, facts: { state } }];
  const received = `${because}, with ${clusters?.updates ?? 0} updates of clusters and ${listeners?.updates ?? 0} of listeners`;
  return [{ cause: 'xds-not-received', sure: 'certain', because: received, facts: { state } }];
}

/** The reason of a rejection stands beside the listener; it may say that a port is taken. */
function refined(cause: Finding['cause'], finding: string, listeners: string): Finding {
  const base: Finding = { cause, sure: 'certain', because: finding, facts: {} };
  if (cause !== 'config-rejected') return base;
  const document = parseJson(listeners);
  const configs = isDict(document) && Array.isArray(document.configs) ? document.configs.filter(isDict) : [];
  const reason = configs
    .map(({ error_state }) => (isDict(error_state) ? textOf(error_state.details) : undefined))
    .find(Boolean);
  if (reason === undefined) return base;
  const said = decideText(reason);
  const because = `${finding}: "${reason}"`;
  return said !== undefined && causes[said.cause].weight === 'root'
    ? { ...said, sure: 'certain', because }
    : { ...base, because };
}

function ofCluster({ name, hosts }: ClusterSeen, stats: ReadonlyMap<string, number>): Counted[] {
  const kind = clusterKind(name);
  const facts = clusterFacts(name);
  const value = (counter: string) => stats.get(`cluster.${name}.${counter}`) ?? 0;
  if (kind === 'blackhole') {
    const count = value('upstream_cx_none_healthy');
    return count === 0
      ? []
      : [
          {
            cause: 'registry-only',
            sure: 'certain',
            because: counts(count, 'connections to unknown hosts'),
            facts,
            count,
          },
        ];
  }
  const found: Counted[] = [];
  const [failing] = hosts.toSorted((a, b) => b.connectFailures - a.connectFailures);
  const place = failing === undefined ? facts : { ...facts, upstreamHost: failing.address };
  if (hosts.length > 0 && hosts.every(({ ejected }) => ejected)) {
    found.push({
      cause: 'all-ejected',
      sure: 'certain',
      because: `all ${hosts.length} endpoints of ${name} are ejected`,
      facts,
      count: hosts.length,
    });
  }
  const meaning = clusterCounters.find(({ ends }) => value(ends) > 0);
  if (meaning !== undefined) found.push(meant(meaning, value(meaning.ends), ` to ${name}`, place, kind));
  else if (failing !== undefined && failing.connectFailures > 0) {
    // Istio keeps most counters of clusters back; those of the endpoints are always there.
    const cause =
      kind === 'inbound' ? 'app-refused' : kind === 'passthrough' ? 'passthrough-refused' : 'upstream-connect-failed';
    const tries = `${failing.connectFailures} of ${failing.connections} connections to ${failing.address} (${name}) failed`;
    found.push({
      cause,
      sure: kind === 'inbound' ? 'likely' : 'possible',
      because: tries,
      facts: place,
      count: failing.connectFailures,
    });
  }
  const slow = hosts.reduce((sum, { timeouts }) => sum + timeouts, 0);
  if (meaning === undefined && slow > 0) {
    found.push({
      cause: 'upstream-slow',
      sure: 'certain',
      because: counts(slow, `requests to ${name} that timed out`),
      facts,
      count: slow,
    });
  }
  return found;
}

function ofListeners(stats: ReadonlyMap<string, number>): Counted[] {
  return listenerCounters.flatMap((meaning) => {
    const names = [...stats].filter(
      ([name, count]) => count > 0 && name.endsWith(`.${meaning.ends}`) && !name.startsWith('cluster.'),
    );
    const count = names.reduce((sum, [, value]) => sum + value, 0);
    const [most] = names.toSorted(([, a], [, b]) => b - a);
    if (most === undefined) return [];
    const [, port] = /_(\d{2,5})[.;]/.exec(most[0]) ?? [];
    return [meant(meaning, count, ` (${most[0]})`, port === undefined ? {} : { port })];
  });
}

function meant(
  { cause, inbound, passthrough, sure, what }: CounterMeaning,
  count: number,
  where: string,
  facts: Finding['facts'],
  kind?: ClusterKind,
): Counted {
  const special = kind === 'inbound' ? inbound : kind === 'passthrough' ? passthrough : undefined;
  return { cause: special ?? cause, sure, because: counts(count, `${what}${where}`), facts, count };
}

function counts(count: number, what: string): string {
  return `the sidecar has counted ${what}: ${count} since its start`;
}
