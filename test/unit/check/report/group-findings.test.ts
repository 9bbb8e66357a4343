import { expect, it } from 'vitest';
import type { Finding } from '../../../../src/check/report/finding.ts';
import { groupFindings } from '../../../../src/check/report/group-findings.ts';

const finding = (rule: string, severity: Finding['severity'], message: string, name = 'web'): Finding => ({
  ...{ rule, severity, message, file: 'a', line: 1, column: 1, path: '', fingerprint: '', restsOn: [], docs: '' },
  object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
});
const kinds = (...findings: Finding[]) =>
  groupFindings(findings).flatMap((group) =>
    group.kinds.map((kind) => `${kind.findings.length} ${kind.message ?? '*'}`),
  );

it('goes by severity, then by rule', () => {
  const groups = groupFindings([
    ...[finding('b', 'info', ''), finding('c', 'error', ''), finding('a', 'info', ''), finding('b', 'error', '')],
    ...[finding('z', 'warning', ''), finding('b', 'info', '')],
  ]);
  expect(groups.map(({ rule, severity, findings }) => `${severity} ${rule} ${findings.length}`)).toEqual([
    ...['error b 1', 'error c 1', 'warning z 1', 'info a 1', 'info b 2'],
  ]);
});

it.each([
  ['numbers', 'Port 1 is sniffed.', 'Port 22 is sniffed.'],
  ['quoted texts', 'Istio ignores "a".', 'Istio ignores "b c".'],
  ['their own name', 'Pods of web are refused.', 'Pods of db are refused.'],
  ['names of other objects', 'Declared by Service one.', 'Declared by Service two.'],
])('of one kind are those that differ in %s', (_, one, two) => {
  expect(kinds(finding('a', 'info', one), finding('a', 'info', two, 'db'))).toEqual(['2 *']);
});

it('other words are another kind, and the same words are always one', () => {
  expect(kinds(finding('a', 'info', 'It fails.'), finding('a', 'info', 'It hangs.'))).toEqual([
    '1 It fails.',
    '1 It hangs.',
  ]);
  expect(kinds(finding('a', 'info', 'a map', 'a'), finding('a', 'info', 'a map', 'b'))).toEqual(['2 a map']);
});
