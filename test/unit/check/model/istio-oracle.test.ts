import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultInputs, minorOf, supportedIstio } from '../../../../src/check/model/inputs.ts';
import { annotationFact, annotationNames, istioAnnotations } from '../../../../src/check/model/istio-annotations.ts';
import { type FieldType, proxyConfigFields } from '../../../../src/check/model/proxy-config-fields.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

interface Release {
  readonly annotations: readonly { readonly name: string; readonly resources: readonly string[] }[];
  readonly proxyConfig: Readonly<Record<string, string>>;
}
interface Outcome {
  readonly annotations: Readonly<Record<string, string>>;
  readonly init?: readonly string[];
  readonly containers?: readonly string[];
  readonly error?: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/istio/${name}`, 'utf8'));
const api = read('api.json') as Readonly<Record<string, Release>>;
const outcomes = read('injector.json') as readonly Outcome[];

/** What the injector reads and its own table of annotations leaves out: applyPrometheusMerge of 1.31. */
const besideTheApi = ['prometheus.istio.io/scrape-targets', 'prometheus.istio.io/secure-port'];

it('every supported release is recorded, and no other', () => {
  expect(Object.keys(api)).toEqual(supportedIstio);
  expect(supportedIstio.at(-1)).toBe(defaultInputs.istio);
});

describe.each(Object.entries(api))('Istio %s', (release, { annotations, proxyConfig }) => {
  it('reads the annotations that the table has, on the same kinds', () => {
    const ours = annotationNames.filter((name) => annotationFact(name, release)?.unknown === undefined);
    const theirs = annotations.map(({ name }) => name).filter((name) => name !== 'kubernetes.io/ingress.class');
    expect(ours.filter((name) => !besideTheApi.includes(name)).toSorted()).toEqual(theirs.toSorted());
    for (const { name, resources } of annotations)
      if (theirs.includes(name))
        expect(annotationFact(name, release)?.kinds, name).toEqual(expect.arrayContaining([...resources]));
  });

  it('has the settings of a proxy that the table has, of the same types', () => {
    const minor = minorOf(release);
    const ours = Object.entries(proxyConfigFields).filter(
      ([, { since = 0, until = Number.POSITIVE_INFINITY }]) => minor >= since && minor <= until,
    );
    expect(ours.map(([name]) => name).toSorted()).toEqual(Object.keys(proxyConfig).toSorted());
    for (const [name, { type }] of ours)
      expect(spell(type), name).toContain(proxyConfig[name]?.replace(/^istio\..*/, 'istio'));
  });
});

it('the table is in order, and has each name once', () => {
  expect(annotationNames).toEqual([...new Set(annotationNames)].toSorted());
  for (const [name, , since, until] of istioAnnotations) expect((since ?? 15) <= (until ?? 31), name).toBe(true);
});

/** Settings that are wrong inside of others: their insides are not in the table. */
const unseen: readonly string[] = [
  'tracing: {sampling: all}',
  'gatewayTopology: {numTrustedProxies: two}',
  'proxyStatsMatcher: {inclusionRegexps: ".*"}',
  'privateKeyProvider: {}',
];

/** An annotation that asks for a template that the installation may have: a warning. */
const mayBe = 'spire';

describe("the injector's own answer", () => {
  it.each(outcomes.map((outcome) => [JSON.stringify(outcome.annotations), outcome] as const))('%s', (_, outcome) => {
    const { annotations, error } = outcome;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'shop', annotations },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    };
    const source = { name: 'a.json', text: JSON.stringify(pod) };
    const { findings } = checkManifests([source], { inputs: { injection: true, native: 'false' } });
    const refused = findings.filter(
      ({ message, severity }) => severity === 'error' && message.startsWith('No pod is created'),
    );
    const values = Object.values(annotations);
    const isKnownGap = values.some((value) => unseen.includes(value) || value === mayBe);
    expect(refused.length > 0, error ?? 'taken').toBe(error !== undefined && !isKnownGap);
  });

  it('leaves no gap that is none', () => {
    const refused = outcomes
      .filter(({ error }) => error !== undefined)
      .flatMap(({ annotations }) => Object.values(annotations));
    expect([...unseen, mayBe].filter((value) => !refused.includes(value))).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(130);
  });
});

function spell(type: FieldType): readonly string[] {
  if (typeof type !== 'string') return [`enum ${type.join(' ')}`];
  const protobuf: Readonly<Record<string, readonly string[]>> = {
    bool: ['google.protobuf.BoolValue', 'bool'],
    int: ['int32', 'uint32', 'google.protobuf.Int32Value'],
    port: ['int32'],
    duration: ['google.protobuf.Duration'],
    message: ['istio'],
  };
  return protobuf[type] ?? [type];
}
