import { expect, it } from 'vitest';
import { describeStatus } from '../../../../shim/status/describe-status.ts';
import type { SidecarStatus } from '../../../../shim/status/sidecar-status.ts';

const nothing: SidecarStatus = {
  mesh: 'unknown',
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
  findings: [],
};
const lineOf = (name: string, status: Partial<SidecarStatus>) =>
  describeStatus({ ...nothing, ...status })
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(14);

it('what is not told is unknown', () => {
  expect(describeStatus(nothing)).toBe(
    [
      'mesh:         unknown',
      'ready:        no: nobody there',
      ...['state', 'version', 'node', 'since', 'workers', 'listeners', 'clusters', 'certificates'].map(
        (name) => `${`${name}:`.padEnd(14)}unknown`,
      ),
      '',
    ].join('\n'),
  );
});

const config = { active: 2, updates: 3, rejected: 0 };

it.each<[string, Partial<SidecarStatus>, string]>([
  ['mesh', { mesh: 'istio', meshVersion: '1.31.0' }, 'istio 1.31.0'],
  ['ready', { ready: true, reason: 'LIVE' }, 'yes: LIVE'],
  ['since', { startedAt: 'then', uptimeSeconds: 0 }, 'then (up for 0 ms)'],
  ['since', { startedAt: 'then' }, 'unknown'],
  ['since', { uptimeSeconds: 5 }, 'unknown'],
  ['workers', { workersStarted: true }, 'started'],
  ['workers', { workersStarted: false }, 'not started'],
  ['listeners', { listeners: config }, '2 active, 3 updates received'],
  ['listeners', { listeners: { ...config, updates: 0 } }, '2 active, nothing received from a control plane'],
  [
    'clusters',
    { clusters: { ...config, rejected: 1 } },
    '2 active, 3 updates received, 1 rejected: look into the log of the sidecar',
  ],
  ['certificates', { certificates: { count: 0, daysUntilExpiration: null } }, 'none'],
  ['certificates', { certificates: { count: 2, daysUntilExpiration: null } }, '2 present'],
  ['certificates', { certificates: { count: 2, daysUntilExpiration: 0 } }, '2 present, the first expires in 0 days'],
  ['finding', { findings: [{ finding: 'x', responseFlag: 'NC' }] }, 'x; see npx mesh-shim explain NC'],
])('%s of %j: %s', (name, status, text) => {
  expect(lineOf(name, status)).toBe(text);
});
