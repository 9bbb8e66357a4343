import { expect, it } from 'vitest';
import { explainText } from '../../../src/explain/explain-text.ts';
import { symptoms } from '../../../src/explain/symptoms.ts';

/** What each symptom is told as: the page is made from it. */
const expected = {
  'Connection refused at start': 'refused-at-start',
  '503 UC': 'server-closed',
  '503 UF': 'upstream-connect-failed',
  '503 UF with WRONG_VERSION_NUMBER': 'mtls-mismatch',
  '503 UH, no healthy upstream': 'no-healthy-upstream',
  '503 UO, a circuit breaker': 'circuit-breaker',
  '503 NC': 'cluster-not-found',
  '504 UT, upstream request timeout': 'upstream-slow',
  '502 with an empty body, BlackHoleCluster': 'registry-only',
  '502 UPE, protocol error': 'wrong-protocol',
  '404 NR': 'route-not-found',
  'NR filter_chain_not_found': 'strict-plaintext',
  '426 Upgrade Required': 'http10',
  '403, RBAC: access denied': 'access-denied',
  '401, Jwt is missing': 'token-refused',
  '431': 'headers-too-large',
  '429': 'rate-limited',
  '0 DC': 'client-gone',
  'ECONNRESET, socket hang up': 'connection-reset',
  EAI_AGAIN: 'dns-temporary',
  'Wrong version number in the client': 'tls-twice',
  'A certificate has expired': 'certificate-expired',
  'TLS is cut during the handshake': 'tls-handshake-cut',
  'gRPC: Unavailable': 'grpc-unavailable',
  'Connections hang until a timeout': 'client-timeout',
  'A Job never ends': 'job-never-ends',
  'A probe fails under STRICT': 'probe-strict',
  'The sidecar does not get ready': 'xds-not-received',
  'The configuration was rejected': 'config-rejected',
  'Address already in use': 'port-taken',
  'An init container has no network': 'init-no-network',
  'No pod can be created': 'injector-down',
  'A webhook fails with EOF': 'webhook-strict',
  'The pod has no sidecar': 'not-injected',
  'Exit code 137': 'killed',
  'Exit code 143': 'terminated',
  CrashLoopBackOff: 'crash-loop',
  'Ambient: a connection is refused': 'ambient-denied',
  'Ambient: port 15008': 'ambient-port-closed',
} as const;

it('are those that are told, each once', () => {
  // Object.keys would put the numbers first.
  expect(symptoms.map(({ title }) => title).toSorted()).toEqual(Object.keys(expected).toSorted());
});

it.each(symptoms.map(({ title, paste }) => [title, paste] as const))('%s: %s', (title, paste) => {
  expect(explainText(paste)?.finding?.cause).toBe(expected[title as keyof typeof expected]);
});
