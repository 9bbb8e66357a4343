import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, list, text, valueAt } from '../../read/values.ts';
import type { Probe } from '../pod.ts';
import { type AuthorizationRule, httpCallers, httpOperations, takesPort } from './authorizations.ts';

/** A probe as the sidecar meets it: from the node's address, without a certificate or a JWT. */
export interface KubeletCall {
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** It sends headers that the manifest names. */
  readonly hasHeaders: boolean;
  /** The sidecar sees bytes only: TLS, or a TCP port. */
  readonly tcp: boolean;
}

/** Undefined where the sidecar answers for the app (TCP), or no port is known. Source: Kubernetes 1.37, kubelet/prober. */
export function kubeletCall(
  { data }: KubeObject,
  probe: Probe,
  chain: 'http' | 'tcp' | undefined,
): KubeletCall | undefined {
  const { kind, port } = probe;
  if ((kind !== 'httpGet' && kind !== 'grpc') || port === undefined) return undefined;
  const { path, httpHeaders } = dict(valueAt(data, probe.path));
  const hasHeaders = list(httpHeaders).length > 0;
  const tcp = chain === 'tcp' || probe.scheme === 'HTTPS';
  if (kind === 'grpc') return { port, method: 'POST', path: '/grpc.health.v1.Health/Check', hasHeaders, tcp };
  const [target = ''] = (text(path) ?? '/').split(/[?#]/);
  return { port, method: 'GET', path: target.startsWith('/') ? target : `/${target}`, hasHeaders, tcp };
}

/** Whether a condition holds: `maybe` where the files do not say. */
type Answer = 'yes' | 'no' | 'maybe';

/** Whether a rule is about such a call. */
export function matchesKubelet(rule: AuthorizationRule, call: KubeletCall, action: 'ALLOW' | 'DENY'): Answer {
  if (call.tcp && action === 'ALLOW' && [...httpOperations(rule), ...httpCallers(rule)].length > 0) return 'no';
  const { sources, operations, conditions } = rule;
  return all([
    sources.length === 0 ? 'yes' : any(sources.map((source) => isKubelet(source, call))),
    operations.length === 0 ? 'yes' : any(operations.map((operation) => isOperation(operation, call))),
    ...conditions.map((condition) => holds(condition, call)),
  ]);
}

/** The kubelet is nobody: what asks for a name refuses it, what excludes names does not. */
function isKubelet(source: Dict, { hasHeaders, tcp }: KubeletCall): Answer {
  const asks = (field: string) => list(source[field]).length > 0;
  if (['principals', 'namespaces', 'serviceAccounts'].some(asks)) return 'no';
  if (['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'].some(asks)) return 'maybe';
  // A DENY on bytes holds without what it says of HTTP, here and below.
  if (tcp) return 'yes';
  if (asks('requestPrincipals')) return hasHeaders ? 'maybe' : 'no';
  return asks('notRequestPrincipals') && hasHeaders ? 'maybe' : 'yes';
}

function isOperation(operation: Dict, call: KubeletCall): Answer {
  if (!takesPort(operation, call.port)) return 'no';
  const { hosts, notHosts, methods, notMethods, paths, notPaths } = operation;
  if (call.tcp) return 'yes';
  const aboutHosts = list(hosts).length > 0 || list(notHosts).length > 0;
  return all([aboutHosts ? 'maybe' : 'yes', isOf(methods, notMethods, call.method), isOf(paths, notPaths, call.path)]);
}

function isOf(values: unknown, notValues: unknown, value: string): Answer {
  const [wanted, excluded] = [list(values), list(notValues)].map((patterns) =>
    any(patterns.map((pattern) => isLike(text(pattern) ?? '', value))),
  ) as [Answer, Answer];
  const not: Answer = excluded === 'maybe' ? 'maybe' : excluded === 'yes' ? 'no' : 'yes';
  return all([list(values).length === 0 ? 'yes' : wanted, not]);
}

/** `*` at one end stands for anything; templates such as `/a/{*}` are not worked out. */
function isLike(pattern: string, value: string): Answer {
  if (pattern.includes('{')) return 'maybe';
  if (pattern === '*') return 'yes';
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1)) ? 'yes' : 'no';
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1)) ? 'yes' : 'no';
  return pattern === value ? 'yes' : 'no';
}

function holds({ key, values, notValues }: Dict, call: KubeletCall): Answer {
  const name = text(key) ?? '';
  if (name === 'destination.port') return isOf(values, notValues, String(call.port));
  if (name === 'source.principal' || name === 'source.namespace') return list(values).length > 0 ? 'no' : 'yes';
  if (name.startsWith('request.') && call.tcp) return 'yes';
  if (!name.startsWith('request.auth.') || call.hasHeaders) return 'maybe';
  return list(values).length > 0 ? 'no' : 'yes';
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

function any(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}
