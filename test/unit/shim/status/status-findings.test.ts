import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../shim/status/status-findings.ts';
import { responseFlags } from '../../../../src/mesh/replies/response-flags.ts';

const good = {
  state: 'LIVE',
  listeners: { active: 12, updates: 3, rejected: 0 },
  clusters: { active: 30, updates: 3, rejected: 0 },
  certificates: { count: 2, daysUntilExpiration: 1 },
} as const;

describe('what is wrong with a sidecar', () => {
  it('is nothing where all is well, and where nothing is known', () => {
    expect(findingsOf(good)).toEqual([]);
    expect(findingsOf({ state: null, listeners: null, clusters: null, certificates: null })).toEqual([]);
    expect(findingsOf({ ...good, state: 'INITIALIZING', listeners: { active: 0, updates: 0, rejected: 0 } })).toEqual(
      [],
    );
  });

  it.each([
    ['rejected listeners', { ...good, listeners: { active: 0, updates: 1, rejected: 2 } }, ['NR']],
    ['no listener at all', { ...good, listeners: { active: 0, updates: 1, rejected: 0 } }, ['NR']],
    ['rejected clusters', { ...good, clusters: { active: 1, updates: 1, rejected: 1 } }, ['NC']],
    ['an expired certificate', { ...good, certificates: { count: 2, daysUntilExpiration: 0 } }, ['UF']],
    [
      'all at once, the most urgent first',
      {
        state: 'LIVE',
        listeners: { active: 0, updates: 1, rejected: 1 },
        clusters: { active: 0, updates: 1, rejected: 1 },
        certificates: { count: 2, daysUntilExpiration: -3 },
      },
      ['UF', 'NR', 'NC'],
    ],
  ])('%s', (_, facts, flags) => {
    const findings = findingsOf(facts);
    expect(findings.map(({ responseFlag }) => responseFlag)).toEqual(flags);
    for (const { responseFlag } of findings) expect(responseFlags.map(({ flag }) => flag)).toContain(responseFlag);
  });
});
