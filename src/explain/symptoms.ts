/** What people see, in their words, and what they could paste of it: docs/troubleshooting.md is made from its explanation. */
export interface Symptom {
  readonly title: string;
  readonly paste: string;
}

export const symptoms: readonly Symptom[] = [
  { title: 'Connection refused at start', paste: 'Error: connect ECONNREFUSED 10.0.0.1:5432' },
  { title: '503 UC', paste: '503 UC upstream_reset_before_response_started{connection_termination}' },
  { title: '503 UF', paste: '503 UF' },
  {
    title: '503 UF with WRONG_VERSION_NUMBER',
    paste: 'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
  },
  { title: '503 UH, no healthy upstream', paste: 'no healthy upstream' },
  { title: '503 UO, a circuit breaker', paste: '503 UO' },
  { title: '503 NC', paste: '503 NC' },
  { title: '504 UT, upstream request timeout', paste: 'upstream request timeout' },
  { title: '502 with an empty body, BlackHoleCluster', paste: 'BlackHoleCluster' },
  { title: '502 UPE, protocol error', paste: '502 UPE' },
  { title: '404 NR', paste: '404 NR route_not_found' },
  { title: 'NR filter_chain_not_found', paste: 'NR filter_chain_not_found' },
  { title: '426 Upgrade Required', paste: '426' },
  { title: '403, RBAC: access denied', paste: 'RBAC: access denied' },
  { title: '401, Jwt is missing', paste: 'Jwt is missing' },
  { title: '431', paste: '431' },
  { title: '429', paste: 'local_rate_limited' },
  { title: '0 DC', paste: '0 DC' },
  { title: 'ECONNRESET, socket hang up', paste: 'Error: socket hang up' },
  { title: 'EAI_AGAIN', paste: 'getaddrinfo EAI_AGAIN db.shop.svc.cluster.local' },
  {
    title: 'Wrong version number in the client',
    paste: 'write EPROTO error:0A00010B:SSL routines::wrong version number',
  },
  { title: 'A certificate has expired', paste: 'certificate has expired' },
  { title: 'TLS is cut during the handshake', paste: 'curl: (35) OpenSSL SSL_connect: Connection reset by peer' },
  { title: 'gRPC: Unavailable', paste: 'Error: 14 UNAVAILABLE: No connection established' },
  { title: 'Connections hang until a timeout', paste: 'dial tcp 10.0.0.1:3306: i/o timeout' },
  { title: 'A Job never ends', paste: 'job-abc   1/2   NotReady   0   15m' },
  {
    title: 'A probe fails under STRICT',
    paste: 'Readiness probe failed: Get "http://10.0.0.1:8080/": read: connection reset by peer',
  },
  { title: 'The sidecar does not get ready', paste: 'Envoy proxy is NOT ready: config not received from XDS server' },
  {
    title: 'The configuration was rejected',
    paste: 'gRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected',
  },
  { title: 'Address already in use', paste: "cannot bind '0.0.0.0:15021': Address already in use" },
  { title: 'An init container has no network', paste: 'web-0   0/2   Init:Error   3   2m' },
  {
    title: 'No pod can be created',
    paste: 'failed calling webhook "namespace.sidecar-injector.istio.io": connect: connection refused',
  },
  { title: 'A webhook fails with EOF', paste: 'failed calling webhook "policy.example.com": EOF' },
  { title: 'The pod has no sidecar', paste: 'container istio-proxy is not valid for pod web-0' },
  { title: 'Exit code 137', paste: 'exit code 137' },
  { title: 'Exit code 143', paste: 'exit code 143' },
  { title: 'CrashLoopBackOff', paste: 'Back-off restarting failed container web' },
  {
    title: 'Ambient: a connection is refused',
    paste: 'error="connection closed due to policy rejection: allow policies exist, but none allowed"',
  },
  { title: 'Ambient: port 15008', paste: 'maybe a NetworkPolicy is blocking HBONE port 15008' },
];
