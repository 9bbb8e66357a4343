import { expect, it } from 'vitest';
import { withNewer } from '../../../scripts/istio/newer-apis.ts';

it.each([
  ['a newer patch release is taken', ['v1.30.9', 'v1.30.10'], { '1.30': 'v1.30.10' }],
  ['an older one is not', ['v1.30.7'], {}],
  [
    'a newer minor release comes behind the others',
    ['v1.31.0', 'v1.100.0'],
    { '1.31': 'v1.31.0', '1.100': 'v1.100.0' },
  ],
  ['what comes before a release is none', ['v1.31.0-rc.0', 'v1.31.0-alpha.1.0.20260101000000-aaaaaaaaaaaa'], {}],
  ['a version stands before a commit', ['v1.18.7'], { '1.18': 'v1.18.7' }],
  ['no release that is older than the oldest is taken in', ['v1.8.0'], {}],
] as const)('%s', (_, named, taken) => {
  const sorted = { '1.9': 'v1.9.1', '1.18': 'v0.0.0-20231206023236-e7cadb36da57', '1.30': 'v1.30.8' };
  const all = withNewer(sorted, named);
  expect(all).toEqual({ ...sorted, ...taken });
  expect(Object.keys(all).slice(0, 3)).toEqual(['1.9', '1.18', '1.30']);
});
