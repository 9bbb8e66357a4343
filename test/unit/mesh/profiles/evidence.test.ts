import { describe, expect, it, test } from 'vitest';
import { sidecarVersion } from '../../../../scripts/sidecars/programs.ts';
import { evidence } from '../../../../src/mesh/profiles/evidence.ts';
import type { MeshProfile } from '../../../../src/mesh/profiles/mesh-profile.ts';
import { meshNames, meshProfiles, meshVariables } from '../../../../src/mesh/profiles/profiles.ts';
import { recordedReply } from '../../../helpers/other-meshes.ts';

describe.each(meshNames)('%s', (mesh) => {
  const profile: MeshProfile = meshProfiles[mesh];
  const { absent, quitRefused, quitStatus = {} } = profile.advice;
  const claims = [
    ...(profile.adminUrl === undefined ? [] : [profile.adminUrl]),
    ...profile.readyUrls,
    ...profile.quit.flatMap(({ urls }) => urls),
    ...(absent === undefined ? [] : ['absent']),
    ...(quitRefused === undefined ? [] : ['quit refused']),
    ...Object.keys(quitStatus).map((status) => `quit ${status}`),
  ];
  const known = evidence[mesh].map(({ about }) => about).filter((about) => !isVariable(about));

  it('each claim has its evidence, and each evidence its claim', () => {
    expect([...known].sort()).toEqual([...claims].sort());
  });

  it('what was recorded says so', () => {
    for (const { about, sample } of evidence[mesh]) {
      if (sample === undefined) continue;
      const status = /^quit (\d+)$/.exec(about)?.[1];
      if (status !== undefined) expect(recordedReply(sample).status).toBe(Number(status));
      else expect(recordedReply(sample).status).toBeGreaterThan(0);
    }
  });
});

test.each([
  ['dapr', 'daprd', 'daprd'],
  ['cloud-sql-proxy', 'cloud-sql-proxy', 'Cloud SQL Auth Proxy'],
] as const)('%s ran in the version that the tests build', (mesh, program, title) => {
  const runs = evidence[mesh].flatMap(({ source }) => (source.startsWith('run, ') ? [source.split(';')[0]] : []));
  expect(runs.length).toBeGreaterThan(0);
  for (const run of runs) {
    expect(run).toContain(`run, ${title} `);
    expect(run?.split(' ')).toContain(sidecarVersion(program));
  }
});

test('each variable that a profile reads has its evidence', () => {
  const named = Object.values(evidence).flatMap((rows) => rows.map(({ about }) => about).filter(isVariable));
  expect(named.sort()).toEqual([...meshVariables].sort());
});

function isVariable(about: string): boolean {
  return /^[A-Z_]+$/.test(about);
}
