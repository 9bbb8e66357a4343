import { describe, expect, it } from 'vitest';
import { isCauseId } from '../../../../src/explain/causes/index.ts';
import { findingsOf } from '../../../../src/mesh/admin/sidecar-findings.ts';

const now = Date.parse('2026-03-01T09:30:00Z');
const good = {
  state: 'LIVE',
  listeners: { active: 12, updates: 3, rejected: 0 },
  clusters: { active: 30, updates: 3, rejected: 0 },
  // As Istio issues them: for 24 hours.
  certificates: { count: 2, expiresAt: '2026-03-01T09:30:01Z' },
  connected: true,
} as const;
const expired = { count: 2, expiresAt: '2026-03-01T09:30:00Z' };

describe('what is wrong with a sidecar', () => {
  it('is nothing where all is well, and where nothing is known', () => {
    expect(findingsOf(good, now)).toEqual([]);
    const nothing = { state: null, listeners: null, clusters: null, certificates: null, connected: null };
    expect(findingsOf(nothing, now)).toEqual([]);
    expect(findingsOf({ ...good, certificates: { count: 1, expiresAt: null } }, now)).toEqual([]);
    expect(
      findingsOf({ ...good, state: 'INITIALIZING', listeners: { active: 0, updates: 0, rejected: 0 } }, now),
    ).toEqual([]);
  });

  it.each([
    ['rejected listeners', { ...good, listeners: { active: 0, updates: 1, rejected: 2 } }, ['config-rejected']],
    ['no listener at all', { ...good, listeners: { active: 0, updates: 1, rejected: 0 } }, ['no-listeners']],
    ['rejected clusters', { ...good, clusters: { active: 1, updates: 1, rejected: 1 } }, ['config-rejected']],
    ['an expired certificate', { ...good, certificates: expired }, ['certificate-expired']],
    ['no control plane', { ...good, connected: false }, ['istiod-unreachable']],
    [
      'all at once, the most urgent first',
      {
        state: 'LIVE',
        listeners: { active: 0, updates: 1, rejected: 1 },
        clusters: { active: 0, updates: 1, rejected: 1 },
        certificates: expired,
        connected: false,
      },
      ['certificate-expired', 'config-rejected', 'config-rejected', 'istiod-unreachable'],
    ],
  ])('%s', (_, facts, causes) => {
    const findings = findingsOf(facts, now);
    expect(findings.map(({ cause }) => cause)).toEqual(causes);
    // People are told to explain it by this name.
    for (const { cause } of findings) expect(isCauseId(cause)).toBe(true);
  });
});
