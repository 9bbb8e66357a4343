import { describe, expect, it } from 'vitest';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import type { NotYetCause } from '../../../../src/mesh/wait/gate.ts';
import { adviseOnTimedOut, describeTimedOut, type TimedOut } from '../../../../src/mesh/wait/timed-out.ts';

const remedies = {
  longer: 'LONGER',
  withoutSidecar: 'WITHOUT',
  otherAdmin: 'ADMIN',
  otherReady: 'READY',
  otherProof: 'PROOF',
  otherMesh: (names: readonly string[]) => `MESH ${names.join('+')}`,
  goOn: 'ON',
};
const timedOut = (cause: NotYetCause, mesh: Mesh | undefined = 'auto'): TimedOut => ({
  kind: 'timed-out',
  subject: 'it',
  mesh,
  hasAdmin: true,
  recognised: [],
  // Words of another cause: they must not matter.
  reason: 'is DRAINING or INITIALIZING, or rejected, connect x:1',
  cause,
  waitedMs: 1_500,
  probes: 2,
});

const patience = 'LONGER gives it longer, ON goes on without it';
const advice: Record<NotYetCause, string> = {
  absent: 'is the pod injected? WITHOUT starts without a sidecar, READY or ADMIN names another address',
  'no-answer': patience,
  'not-envoy': "is that Envoy's admin? ADMIN names another address",
  locked: 'READY names a readiness address, which decides alone where the admin is locked',
  initializing: 'can the proxy reach its control plane? look at the log of the sidecar',
  draining: 'the sidecar is shutting down or was told to fail its health check',
  workers: patience,
  'nothing-served': 'can the proxy reach its control plane? PROOF starts without listeners',
  configuration: "look for rejected listeners in the sidecar's log or with istioctl proxy-status",
  'no-readiness': 'is readiness answered at another port? READY names it',
  'not-found': 'is that the sidecar? READY names another address',
  'says-no': patience,
  denied: 'this process may not use the network: start Node with --allow-net beside --permission',
};

describe('advice', () => {
  it.each(Object.entries(advice) as [NotYetCause, string][])('%s: %s', (cause, text) => {
    expect(adviseOnTimedOut(timedOut(cause), remedies)).toBe(text);
  });

  it.each((Object.keys(advice) as NotYetCause[]).filter((cause) => cause !== 'denied'))(
    '%s of what else is waited for',
    (cause) => {
      expect(adviseOnTimedOut({ ...timedOut(cause), mesh: undefined }, remedies)).toBe(
        'is the address right, and does the service run? LONGER gives it longer',
      );
    },
  );
});

it('what may not be asked is no question of time', () => {
  const outcome = { ...timedOut('denied'), mesh: undefined, reason: 'connect ERR_ACCESS_DENIED' };
  expect(describeTimedOut(outcome)).toBe('it cannot be asked: connect ERR_ACCESS_DENIED');
  expect(adviseOnTimedOut(outcome, remedies)).toBe(advice.denied);
});

it('a time-out on one line', () => {
  const outcome = timedOut('absent');
  expect(describeTimedOut({ ...outcome, reason: 'r' })).toBe('it not ready in time: waited 1.5 s, 2 probes, last: r');
  expect(describeTimedOut({ ...outcome, probes: 1, reason: 'r' })).toContain(', 1 probe, last');
});

it('whose sidecar is there instead', () => {
  expect(adviseOnTimedOut({ ...timedOut('absent'), recognised: ['dapr', 'kuma'] }, remedies)).toBe(
    'this looks like Dapr and Kuma: MESH dapr+kuma waits for that',
  );
});

it('the advice of a mesh, and no option that has no effect there', () => {
  const dapr: TimedOut = {
    ...timedOut('absent'),
    mesh: 'dapr',
    hasAdmin: false,
    advice: { absent: 'is it annotated?' },
  };
  expect(adviseOnTimedOut(dapr, remedies)).toBe(
    'is it annotated? WITHOUT starts without a sidecar, READY names another address',
  );
  expect(adviseOnTimedOut({ ...dapr, cause: 'not-found' }, remedies)).toBe(
    'is it annotated? READY names another address',
  );
});
