import type { CauseId } from '../causes/index.ts';
import type { Certainty } from '../decide/finding.ts';

/** What a counter of Envoy means once it is above 0, by how its name ends. */
export interface CounterMeaning {
  readonly ends: string;
  readonly cause: CauseId;
  readonly sure: Certainty;
  /** Where the cluster is `inbound|PORT||`: it is the app of the pod itself; and where it is PassthroughCluster. */
  readonly inbound?: CauseId;
  readonly passthrough?: CauseId;
  /** Completes "the sidecar has counted ...". */
  readonly what: string;
}

/**
 * Of clusters; the first that is above 0 decides for a cluster, since a handshake that fails is counted as a connection that
 * fails as well. Source: Envoy 1.40, configuration/upstream/cluster_manager/cluster_stats.
 */
export const clusterCounters: readonly CounterMeaning[] = [
  {
    ends: 'ssl.fail_verify_san',
    cause: 'certificate-san',
    sure: 'certain',
    what: 'handshakes with another identity than expected',
  },
  {
    ends: 'ssl.fail_verify_error',
    cause: 'certificate-untrusted',
    sure: 'certain',
    what: 'certificates that it could not verify',
  },
  { ends: 'ssl.connection_error', cause: 'mtls-mismatch', sure: 'likely', what: 'TLS handshakes that failed' },
  {
    ends: 'upstream_cx_connect_timeout',
    cause: 'upstream-timeout-connect',
    sure: 'certain',
    what: 'connections that timed out',
  },
  {
    ends: 'upstream_cx_connect_fail',
    cause: 'upstream-refused',
    sure: 'likely',
    inbound: 'app-refused',
    passthrough: 'passthrough-refused',
    what: 'connections that failed',
  },
  {
    ends: 'upstream_cx_none_healthy',
    cause: 'no-healthy-upstream',
    sure: 'certain',
    what: 'times without a healthy endpoint',
  },
  {
    ends: 'upstream_rq_pending_overflow',
    cause: 'circuit-breaker',
    sure: 'certain',
    what: 'requests beyond the circuit breaker',
  },
  { ends: 'upstream_cx_protocol_error', cause: 'wrong-protocol', sure: 'certain', what: 'answers of another protocol' },
  { ends: 'upstream_rq_timeout', cause: 'upstream-slow', sure: 'certain', what: 'requests that timed out' },
  { ends: 'upstream_rq_per_try_timeout', cause: 'upstream-slow', sure: 'certain', what: 'tries that timed out' },
  {
    ends: 'upstream_cx_destroy_remote_with_active_rq',
    cause: 'server-closed',
    sure: 'certain',
    inbound: 'app-closed',
    what: 'connections that the server closed with a request on them',
  },
];

/** Of listeners and HTTP filters. Source: Envoy 1.40, listener statistics, HTTP connection manager, the filters' pages. */
export const listenerCounters: readonly CounterMeaning[] = [
  {
    ends: 'no_filter_chain_match',
    cause: 'strict-plaintext',
    sure: 'likely',
    what: 'connections for which no filter chain fits',
  },
  {
    ends: 'ssl.fail_verify_no_cert',
    cause: 'no-client-certificate',
    sure: 'certain',
    what: 'clients without a certificate',
  },
  {
    ends: 'ssl.fail_verify_error',
    cause: 'certificate-untrusted',
    sure: 'likely',
    what: 'client certificates that it could not verify',
  },
  { ends: 'rbac.denied', cause: 'access-denied', sure: 'certain', what: 'requests or connections denied by a policy' },
  { ends: 'jwt_authn.denied', cause: 'token-refused', sure: 'certain', what: 'tokens refused' },
  {
    ends: 'ext_authz.error',
    cause: 'authorizer-down',
    sure: 'certain',
    what: 'requests that the authorization service did not answer',
  },
  {
    ends: 'ext_authz.denied',
    cause: 'authorizer-denied',
    sure: 'certain',
    what: 'requests denied by the authorization service',
  },
  { ends: 'fault.aborts_injected', cause: 'fault-injected', sure: 'certain', what: 'injected faults' },
  {
    ends: 'http_local_rate_limit.rate_limited',
    cause: 'rate-limited',
    sure: 'certain',
    what: 'requests beyond a rate limit',
  },
  {
    ends: 'no_cluster',
    cause: 'cluster-not-found',
    sure: 'certain',
    what: 'requests to a cluster that it does not have',
  },
  { ends: 'no_route', cause: 'route-not-found', sure: 'certain', what: 'requests without a route' },
  { ends: 'downstream_cx_protocol_error', cause: 'not-http', sure: 'certain', what: 'clients that did not speak HTTP' },
];
