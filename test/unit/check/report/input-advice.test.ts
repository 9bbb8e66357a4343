import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import type { CheckOptions } from '../../../../src/check/report/check-result.ts';
import { adviceText } from '../../../../src/check/report/input-advice.ts';

const pod = (name: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {${more}containers: [{name: a, image: a}]}\n`;
const advise = (texts: string[], options: CheckOptions = {}) =>
  checkManifests([{ name: 'a', text: texts.join('---\n') }], { advise: true, ...options }).advice;

it('names the input that settles most, by trying', () => {
  // Three start-ups that a native sidecar cures, and a user that only the membership decides.
  const texts = [pod('a'), pod('b'), pod('c', 'securityContext: {runAsUser: 1337}, ')];
  expect(advise(texts)).toEqual({ input: 'kubernetes', value: '1.34', settled: 3, gone: 3, findings: 4 });
  expect(advise(texts, { inputs: { kubernetes: '1.30' } })).toEqual({
    ...{ input: 'injection', value: 'true', settled: 4, gone: 0, findings: 4 },
  });
  expect(advise(texts, { inputs: { kubernetes: '1.34' } })).toMatchObject({
    input: 'injection',
    settled: 1,
    findings: 1,
  });
});

it('has nothing to say where all is known, or nothing was found', () => {
  expect(advise([pod('a')], { inputs: { kubernetes: '1.30', injection: true } })).toBeUndefined();
  expect(advise([pod('a')], { inputs: { kubernetes: '1.34', injection: true } })).toBeUndefined();
  expect(advise([pod('a')], { advise: false })).toBeUndefined();
  expect(advise([])).toBeUndefined();
});

it('leaves out what is suppressed', () => {
  const known = pod('a').replace('metadata:', 'metadata: # mesh-shim-ignore startup-unprotected: known\n ');
  expect(advise([known])).toBeUndefined();
  expect(advise([known, pod('b')])).toMatchObject({ settled: 1, findings: 1 });
});

it('does not try what was said, for whichever namespace', () => {
  const inputs = { kubernetes: '1.30', injection: { other: true } };
  expect(advise([pod('a')], { inputs })).toBeUndefined();
});

it('does not try what an object tells, and tries in each cluster', () => {
  const node = 'apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {nodeInfo: {kubeletVersion: v1.30.1}}\n';
  expect(advise([pod('a'), node])).toMatchObject({ input: 'injection', settled: 1, gone: 0 });
  const source = (name: string, world: string) => ({ name, text: pod(name), world });
  const worlds = [source('a', 'qa'), source('a', 'prod'), source('b', 'prod')];
  const { advice, findings } = checkManifests(worlds, { advise: true });
  expect(findings).toHaveLength(2);
  expect(advice).toEqual({ input: 'kubernetes', value: '1.34', settled: 2, gone: 2, findings: 2 });
});

it('says it in a sentence', () => {
  const advice = { input: 'cni', value: 'true', settled: 1206, gone: 206, findings: 1843 } as const;
  expect(adviceText(advice)).toBe(
    'Say --cni true (if istio-cni is installed), and 1,206 of 1,843 findings are settled (206 gone, the others certain).',
  );
});
