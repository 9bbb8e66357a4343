import { expect, test } from 'vitest';
import type { Observation } from '../../../../src/mesh/ask/question.ts';
import { parseServerInfo } from '../../../../src/mesh/ask/server-info.ts';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import type { Gate } from '../../../../src/mesh/wait/gate.ts';
import { createSidecarGates } from '../../../../src/mesh/wait/sidecar-gates.ts';
import { recordedReply } from '../../../helpers/other-meshes.ts';

const refused: Observation = { kind: 'failed', failure: 'refused', detail: 'connect ECONNREFUSED', sent: false };
const liveInfo: Observation = {
  ...{ kind: 'reply', status: 200, body: '' },
  serverInfo: parseServerInfo('{"state":"LIVE","node":{"id":"x"}}') as NonNullable<ReturnType<typeof parseServerInfo>>,
};

/** What a gate makes of recorded replies, by a part of the address that is asked. */
function judge(mesh: Mesh, world: Readonly<Record<string, string | Observation>>) {
  const [gate] = createSidecarGates(mesh, { addresses: undefined, proof: 'auto', read: () => undefined }) as [Gate];
  for (let asked = 0; asked < 10; asked++) {
    const { endpoint } = gate.next();
    const [, answer = refused] = Object.entries(world).find(([part]) => endpoint.text.includes(part)) ?? [];
    const verdict = gate.observe(typeof answer === 'string' ? recordedReply(answer) : answer);
    if (verdict.kind !== 'ask') return verdict;
  }
  throw new Error('asks without end');
}

test.each<[Mesh, string, Record<string, string | Observation>]>([
  ['linkerd', 'certified', { '4191/ready': 'linkerd/ready-after' }],
  ['dapr', 'before the app is up', { '/outbound': 'dapr/outbound-app-not-up' }],
  ['dapr', 'without placement', { '/outbound': 'dapr/outbound-placement-unreachable' }],
  ['dapr', 'with a token', { '/outbound': 'dapr/outbound-with-api-token' }],
  ['cloud-sql-proxy', 'up', { '/startup': 'cloud-sql-proxy/startup-ready' }],
  ['kuma', '2.14, LIVE', { '9902/ready': 'kuma-2.14/ready-after' }],
  ['consul', 'configured', { '19000/server_info': liveInfo, '19000/stats': 'consul/stats-workers-after' }],
])('%s is ready: %s', (mesh, _, world) => {
  expect(judge(mesh, world).kind).toBe('ready');
});

test.each<[Mesh, string, Record<string, string | Observation>, string]>([
  ['linkerd', 'not certified', { '4191/ready': 'linkerd/ready-before' }, 'not ready'],
  ['dapr', 'asked where it waits for the app', { '/outbound': 'dapr/healthz-app-not-up' }, 'dapr is not ready'],
  ['cloud-sql-proxy', 'without --health-check', { '/startup': 'cloud-sql-proxy/startup-404-prometheus-only' }, '404'],
  ['kuma', '2.14, not LIVE', { '9902/ready': 'kuma-2.14/ready-before' }, 'envoy not ready'],
  ['kuma', '2.14, ending', { '9902/ready': 'kuma-2.14/ready-terminating' }, 'TERMINATING'],
  [
    'kuma',
    'READY is its own word',
    { '9902/ready': 'kuma-tcp-admin/ready-9902-while-not-live' },
    "not Envoy's own word",
  ],
  [
    'consul',
    'no configuration',
    { '19000/server_info': liveInfo, '19000/stats': 'consul/stats-workers-before' },
    'workers',
  ],
  ['envoy', 'no control plane', { '/server_info': liveInfo, '/stats': 'envoy/stats-no-control-plane' }, 'no listeners'],
])('%s is not ready: %s', (mesh, _, world, reason) => {
  expect(judge(mesh, world)).toMatchObject({ kind: 'not-yet', reason: expect.stringContaining(reason) });
});
