import type { CauseId } from '../causes/index.ts';
import type { ClusterKind } from './cluster-name.ts';
import type { Certainty } from './finding.ts';

/** What a line must show to mean a cause; all that is given must hold. */
export interface LineSign {
  readonly cause: CauseId;
  readonly sure: Certainty;
  /** One of these words in the details, termination details or transport failure; blanks count as underscores, case does not. */
  readonly words?: readonly string[];
  readonly clusters?: readonly ClusterKind[];
  readonly flags?: readonly string[];
  readonly routes?: readonly string[];
  readonly status?: number;
  /** Whether the line has a server name (SNI). */
  readonly named?: boolean;
}

const refused = ['delayed_connect_error:_111', 'connection_refused', 'econnrefused'];
const connectFailed = ['connection_failure'];
const closedEarly = ['connection_termination'];

/**
 * The first that holds is it: what a reason says outright comes before the cluster, and both before what the details are
 * called. Reasons: replies and logs recorded from Envoy 1.36 and 1.40; BoringSSL's reason codes; istio/istio#48267 (111),
 * #46431 (113), #33281 (BlackHoleCluster), #7669 (block_all).
 */
export const lineSigns: readonly LineSign[] = [
  { cause: 'registry-only', sure: 'certain', clusters: ['blackhole'] },
  { cause: 'registry-only', sure: 'certain', routes: ['block_all'] },
  { cause: 'registry-only', sure: 'likely', words: ['direct_response'], status: 502 },
  { cause: 'route-answered', sure: 'certain', words: ['direct_response'] },
  { cause: 'access-denied', sure: 'certain', words: ['matched_policy[none]'] },
  { cause: 'access-denied-by-policy', sure: 'certain', words: ['matched_policy['] },
  { cause: 'token-keys', sure: 'certain', words: ['jwks_'] },
  { cause: 'unknown-sni', sure: 'likely', words: ['filter_chain_not_found'], named: true },
  { cause: 'strict-plaintext', sure: 'likely', words: ['filter_chain_not_found'] },
  // A handshake that failed decides before the connection that failed with it.
  { cause: 'certificate-san', sure: 'certain', words: ['verify_san', 'san_list', 'subject_alt', 'sanlist'] },
  { cause: 'certificate-expired', sure: 'certain', words: ['certificate_has_expired', 'certificate_expired'] },
  {
    cause: 'certificate-untrusted',
    sure: 'likely',
    words: ['certificate_verify_failed', 'unknown_ca', 'certificate_unknown'],
  },
  { cause: 'mtls-mismatch', sure: 'certain', words: ['wrong_version_number'] },
  { cause: 'http-at-tls', sure: 'certain', words: ['internal:http_request', '268435612'] },
  {
    cause: 'no-client-certificate',
    sure: 'certain',
    words: ['peer_did_not_return_a_certificate', 'certificate_required'],
  },
  {
    cause: 'tls-no-common',
    sure: 'certain',
    words: ['unsupported_protocol', 'no_shared_cipher', 'protocol_version', 'handshake_failure'],
  },
  { cause: 'tls-failed', sure: 'likely', words: ['tls_error', 'ssl_routines', 'openssl_internal'] },
  { cause: 'istiod-unreachable', sure: 'certain', clusters: ['control-plane'], flags: ['UF', 'UH', 'UC'] },
  { cause: 'app-refused', sure: 'certain', words: refused, clusters: ['inbound'] },
  { cause: 'inbound-passthrough', sure: 'certain', words: refused, clusters: ['inbound-passthrough'] },
  { cause: 'passthrough-refused', sure: 'certain', words: refused, clusters: ['passthrough'] },
  { cause: 'upstream-refused', sure: 'certain', words: refused },
  { cause: 'upstream-unreachable', sure: 'certain', words: ['delayed_connect_error:_113', 'no_route_to_host'] },
  { cause: 'network-unreachable', sure: 'certain', words: ['delayed_connect_error:_101', 'network_is_unreachable'] },
  { cause: 'upstream-timeout-connect', sure: 'certain', words: ['connection_timeout', 'delayed_connect_error:_110'] },
  { cause: 'app-refused', sure: 'likely', words: connectFailed, clusters: ['inbound'] },
  { cause: 'inbound-passthrough', sure: 'likely', words: connectFailed, clusters: ['inbound-passthrough'] },
  { cause: 'passthrough-broken', sure: 'likely', words: connectFailed, clusters: ['passthrough'] },
  { cause: 'upstream-connect-failed', sure: 'likely', words: connectFailed },
  { cause: 'reply-broke-off', sure: 'certain', words: ['upstream_reset_after_response_started'] },
  { cause: 'app-closed', sure: 'likely', words: closedEarly, clusters: ['inbound', 'inbound-passthrough'] },
  { cause: 'passthrough-broken', sure: 'likely', words: closedEarly, clusters: ['passthrough'] },
  { cause: 'server-closed', sure: 'likely', words: closedEarly },
  { cause: 'server-reset', sure: 'certain', words: ['remote_reset', 'remote_refused_stream_reset'] },
  { cause: 'local-reset', sure: 'certain', words: ['{local_reset', '{local_refused_stream'] },
  { cause: 'circuit-breaker', sure: 'certain', words: ['{overflow'] },
  { cause: 'wrong-protocol', sure: 'certain', words: ['{protocol_error'] },
  { cause: 'proxy-overloaded', sure: 'certain', words: ['{overload_manager'] },
];

/** What a flag means beside the cluster of its line, where no reason is given; else the table of flags decides. */
export const flagSigns: readonly LineSign[] = [
  { cause: 'app-refused', sure: 'likely', flags: ['UF'], clusters: ['inbound'] },
  { cause: 'inbound-passthrough', sure: 'likely', flags: ['UF', 'UC'], clusters: ['inbound-passthrough'] },
  { cause: 'passthrough-broken', sure: 'likely', flags: ['UF', 'UC'], clusters: ['passthrough'] },
  { cause: 'app-closed', sure: 'likely', flags: ['UC', 'UR'], clusters: ['inbound'] },
  { cause: 'unknown-sni', sure: 'likely', flags: ['NR'], status: 0, named: true },
  { cause: 'strict-plaintext', sure: 'likely', flags: ['NR'], status: 0 },
  { cause: 'http10', sure: 'certain', flags: ['DPE'], status: 426 },
  { cause: 'headers-too-large', sure: 'certain', flags: ['DPE'], status: 431 },
];
