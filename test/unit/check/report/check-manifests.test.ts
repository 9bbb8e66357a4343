import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import type { Problem, Rule } from '../../../../src/check/rules/shared/rule.ts';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

function rule(id: string, severity: Rule['severity'], more: (index: number) => Partial<Problem> = () => ({})): Rule {
  return {
    id,
    severity,
    title: '',
    why: '',
    fix: '',
    docs: [],
    *check(cluster) {
      for (const [index, object] of cluster.objects.entries())
        yield { object, path: ['kind'], message: object.name, ...more(index) };
    },
  };
}

const sources = [
  { name: 'z.yaml', text: `${configMap('one')}---\n${configMap('two')}` },
  { name: 'a.yaml', text: configMap('three') },
];

it('orders by file as given, line, column, severity and rule', () => {
  const rules = [
    rule('b', 'info'),
    rule('a', 'info'),
    rule('c', 'error'),
    rule('d', 'warning'),
    rule('e', 'error', () => ({ path: ['apiVersion'] })),
    rule('f', 'error', () => ({ path: ['metadata', 'name'] })),
  ];
  const { findings } = checkManifests(sources, { rules });
  expect(findings.map(({ file, line, column, rule: id }) => `${file}:${line}:${column} ${id}`)).toEqual([
    ...['z.yaml:1:1 e', 'z.yaml:2:1 c', 'z.yaml:2:1 d', 'z.yaml:2:1 a', 'z.yaml:2:1 b', 'z.yaml:4:3 f'],
    ...['z.yaml:6:1 e', 'z.yaml:7:1 c', 'z.yaml:7:1 d', 'z.yaml:7:1 a', 'z.yaml:7:1 b', 'z.yaml:9:3 f'],
    ...['a.yaml:1:1 e', 'a.yaml:2:1 c', 'a.yaml:2:1 d', 'a.yaml:2:1 a', 'a.yaml:2:1 b', 'a.yaml:4:3 f'],
  ]);
});

it('says all of a finding', () => {
  const path = ['metadata', 'annotations', 'a.b/c', 'items', 0, 'x'];
  const [finding] = checkManifests(sources, {
    rules: [rule('a', 'info', () => ({ path, severity: 'error' }))],
  }).findings;
  expect(finding).toEqual({
    rule: 'a',
    severity: 'error',
    message: 'one',
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' },
    file: 'z.yaml',
    line: 3,
    column: 1,
    path: 'metadata.annotations["a.b/c"].items[0].x',
    fingerprint: 'a ConfigMap default/one metadata.annotations["a.b/c"].items[0].x',
    restsOn: [],
    docs: 'docs/rules/a.md',
  });
});

it('an error that depends on an assumed input which varies is a warning', () => {
  const depends = (...restsOn: NonNullable<Problem['restsOn']>) => [
    rule('a', 'error', () => ({ restsOn })),
    rule('b', 'info', () => ({ restsOn })),
  ];
  const severities = (rules: readonly Rule[], inputs = {}) =>
    checkManifests(sources, { rules, inputs })
      .findings.slice(0, 2)
      .map(({ severity }) => severity);
  expect(severities(depends('cni'))).toEqual(['warning', 'info']);
  expect(severities(depends('mtls', 'kubernetes'))).toEqual(['warning', 'info']);
  expect(severities(depends('mtls', 'native'))).toEqual(['error', 'info']);
  expect(severities(depends('cni'), { cni: false })).toEqual(['error', 'info']);
  expect(severities(depends('cni'), { cni: undefined })).toEqual(['warning', 'info']);
  expect(severities(depends('cni', 'kubernetes'), { cni: true })).toEqual(['warning', 'info']);
});

it('says which inputs a finding depends on, each once', () => {
  const rules = [rule('a', 'info', () => ({ restsOn: ['kubernetes', 'cni', 'cni', 'istio'] }))];
  expect(checkManifests(sources, { rules, inputs: { istio: '1.20' } }).findings[0]?.restsOn).toEqual([
    { input: 'kubernetes', value: 'unknown', given: false },
    { input: 'cni', value: 'false', given: false },
    { input: 'istio', value: '1.20', given: true },
  ]);
});

it('puts objects without a namespace where the inputs say', () => {
  const { findings, objects } = checkManifests(sources, { rules: [rule('a', 'info')], inputs: { namespace: 'shop' } });
  expect(findings.map(({ object }) => object?.namespace)).toEqual(['shop', 'shop', 'shop']);
  expect(objects).toBe(3);
});
