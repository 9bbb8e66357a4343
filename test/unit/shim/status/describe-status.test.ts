import { expect, it } from 'vitest';
import { describeStatus } from '../../../../shim/status/describe-status.ts';
import type { SidecarStatus } from '../../../../shim/status/sidecar-status.ts';

const nothing: SidecarStatus = {
  mesh: 'unknown',
  sidecar: 'present',
  ready: false,
  reason: 'nobody there',
  state: null,
  version: null,
  meshVersion: null,
  nodeId: null,
  startedAt: null,
  uptimeSeconds: null,
  workersStarted: null,
  listeners: null,
  clusters: null,
  certificates: null,
  controlPlane: null,
  findings: [],
};
const lineOf = (name: string, status: Partial<SidecarStatus>) =>
  describeStatus({ ...nothing, ...status })
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(15);

it('what is not told has no line', () => {
  expect(describeStatus(nothing)).toBe('mesh:          unknown\nready:         no: nobody there\n');
});

it('a sidecar that is not there has one line', () => {
  const absent = { ...nothing, sidecar: 'absent', reason: 'nothing listens on http://localhost:15000' } as const;
  expect(describeStatus(absent)).toBe('no sidecar: nothing listens on http://localhost:15000\n');
  expect(describeStatus({ ...absent, mesh: 'linkerd' })).toBe(
    'linkerd: no sidecar: nothing listens on http://localhost:15000\n',
  );
  expect(describeStatus({ ...nothing, mesh: 'istio', sidecar: 'ambient', ready: true, reason: 'why' })).toBe(
    'ambient: why\n',
  );
});

const config = { active: 2, updates: 3, rejected: 0 };

it.each<[string, Partial<SidecarStatus>, string | undefined]>([
  ['mesh', { mesh: 'istio', meshVersion: '1.31.0' }, 'istio 1.31.0'],
  ['ready', { ready: true, reason: 'LIVE' }, 'yes: LIVE'],
  ['version', { version: 'd0a1b2/1.40.0/Clean/RELEASE/BoringSSL' }, 'Envoy 1.40.0'],
  ['version', { version: '1.8.0' }, '1.8.0'],
  ['since', { startedAt: 'then', uptimeSeconds: 0 }, 'then (up for 0 ms)'],
  ['since', { startedAt: 'then' }, undefined],
  ['since', { uptimeSeconds: 5 }, undefined],
  ['workers', { workersStarted: true }, 'started'],
  ['workers', { workersStarted: false }, 'not started'],
  ['listeners', { listeners: { ...config, updates: 1 } }, '2 active, 1 update received'],
  ['listeners', { listeners: { ...config, updates: 0 } }, '2 active, nothing received from a control plane'],
  [
    'clusters',
    { clusters: { ...config, rejected: 1 } },
    '2 active, 3 updates received, 1 rejected: see the log of the sidecar',
  ],
  ['control plane', { controlPlane: true }, 'connected'],
  ['control plane', { controlPlane: false }, 'not connected'],
  ['certificates', { certificates: { count: 0, expiresAt: null } }, 'none'],
  ['certificates', { certificates: { count: 2, expiresAt: null } }, '2 present'],
  [
    'certificates',
    { certificates: { count: 2, expiresAt: '2026-03-02T09:00:00Z' } },
    '2 present, valid until 2026-03-02T09:00:00Z',
  ],
  ['finding', { findings: [{ finding: 'x', cause: 'no-listeners' }] }, 'x; see npx mesh-shim explain no-listeners'],
])('%s of %j: %s', (name, status, text) => {
  expect(lineOf(name, status)).toBe(text);
});
