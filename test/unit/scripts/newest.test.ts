import { expect, it } from 'vitest';
import { compareVersions } from '../../../scripts/compare-versions.ts';
import { newestIn, parts } from '../../../scripts/newest.ts';

it.each([
  ['Available versions: 1.40.0, 1.39.3, 1.9.9, 1.36.2.post1', 3, '1.40.0'],
  ['quickjs-ng (0.17.0.2)\nAvailable versions: 0.17.0.2, 0.16.9', 3, '0.17.0'],
  ['istio.io/client-go v1.31.4 v1.32.0 v1.33.0-beta.1 v1.33.0-rc.0', 2, '1.32'],
  ['k8s.io/api v0.9.1 v0.37.2 v0.38.0-alpha.2', 2, '0.37'],
  ['["6.1.0","8.13.1","9.0.0-rc.1"]', 1, '8'],
  ['nothing of that name', 3, ''],
])('of %j the newest release is %j', (answer, numbers, newest) => {
  expect(newestIn(answer, numbers)).toBe(newest);
});

it('compares number by number', () => {
  expect(compareVersions('1.32', '1.31')).toBeGreaterThan(0);
  expect(compareVersions('1.31', '1.31')).toBe(0);
  expect(compareVersions('0.9.10', '0.9.9')).toBeGreaterThan(0);
  expect(compareVersions('1.9.9', '1.10.0')).toBeLessThan(0);
});

it('knows a version of each part', () => {
  for (const { known, numbers } of Object.values(parts)) expect(known.split('.').map(Number)).toHaveLength(numbers);
});
