import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { annotationRows, messageRows } from '../../../../scripts/istio/api-tables.ts';
import {
  type Annotations,
  podAnnotations,
  recordedApis,
  recordedInjectors,
} from '../../../../scripts/istio/recorded.ts';
import { istioApis, istioSources } from '../../../../scripts/istio/releases.ts';
import { chartTemplates } from '../../../../src/check/model/injection-templates.ts';
import { defaultInputs, supportedIstio } from '../../../../src/check/model/inputs.ts';
import { recordedAnnotations } from '../../../../src/check/model/istio-annotation-table.ts';
import {
  annotationFact,
  annotationNames,
  annotationsBesideTheApi,
} from '../../../../src/check/model/istio-annotations.ts';
import { proxyMessages } from '../../../../src/check/model/proxy-config-table.ts';
import { isIn, settingsOf } from '../../../../src/check/model/proxy-settings.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const apis = recordedApis();
const injectors = recordedInjectors();

it('every supported release is recorded, and no other', () => {
  expect(Object.keys(apis)).toEqual(supportedIstio);
  expect(supportedIstio.at(-1)).toBe(defaultInputs.istio);
  for (const [release, { module }] of Object.entries(apis)) expect(module).toBe(`istio.io/api ${istioApis[release]}`);
  for (const [release, { module }] of Object.entries(injectors))
    expect(module).toBe(`istio.io/istio ${istioSources[release]?.version}`);
});

it('the tables are made from the records (if not: npm run record:istio)', () => {
  expect(recordedAnnotations).toEqual(annotationRows(apis));
  expect(proxyMessages).toEqual(messageRows(apis));
});

describe.each(Object.entries(apis))('Istio %s', (release, { annotations, messages }) => {
  it('reads the annotations that the table has, on the same kinds', () => {
    const beside = annotationsBesideTheApi.map(([name]) => name);
    const ours = annotationNames.filter((name) => annotationFact(name, release)?.unknown === undefined);
    const theirs = annotations.map(({ name }) => name).filter((name) => name !== 'kubernetes.io/ingress.class');
    expect(ours.filter((name) => !beside.includes(name))).toEqual(theirs.toSorted());
    for (const { name, resources } of annotations)
      if (theirs.includes(name))
        expect(annotationFact(name, release)?.kinds, name).toEqual(expect.arrayContaining([...resources]));
  });

  it('has the settings of a proxy that the table has, and those inside of them', () => {
    for (const [name, fields] of Object.entries(messages)) {
      const settings = [...(settingsOf(name.replace(/^istio\.\w+\.v\w+\./, '')) ?? [])];
      expect(
        settings.flatMap(([field, setting]) => (isIn(setting, release) ? [field] : [])),
        name,
      ).toEqual(Object.keys(fields).toSorted());
    }
  });
});

it('the templates are those of the charts', () => {
  const theirs = Object.values(injectors).flatMap(({ templates }) => templates);
  expect(chartTemplates).toEqual([...new Set(theirs)].toSorted());
});

it('no annotation stands in both lists', () => {
  expect(new Set(annotationNames).size).toBe(annotationNames.length);
});

/** Asks for a template that the installation may have: a warning. */
const mayBe = 'spire';

describe.each(Object.entries(injectors))("the answer of Istio %s's injector", (release, { outcomes }) => {
  const isRefused = (annotations: Annotations): boolean => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'shop', annotations },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    };
    const source = { name: 'a.json', text: JSON.stringify(pod) };
    const { findings } = checkManifests([source], { inputs: { istio: release, injection: true, native: 'false' } });
    return findings.some(({ message, severity }) => severity === 'error' && message.startsWith('No pod is created'));
  };

  it.each(outcomes.map((outcome) => [JSON.stringify(outcome.annotations), outcome] as const))('%s', (_, outcome) => {
    const { annotations, error } = outcome;
    const isKnownGap = Object.values(annotations).includes(mayBe);
    expect(isRefused(annotations), error ?? 'taken').toBe(error !== undefined && !isKnownGap);
  });

  it('was asked about each pod, and leaves no gap that is none', () => {
    expect(outcomes.map(({ annotations }) => annotations)).toEqual(podAnnotations());
    const gaps = outcomes.filter(({ annotations }) => Object.values(annotations).includes(mayBe));
    expect(gaps.every(({ error }) => error !== undefined)).toBe(true);
    expect(outcomes.length).toBeGreaterThan(250);
  });
});

it('the pods are a list that can be read', () => {
  expect(readFileSync('test/fixtures/istio/annotations.json', 'utf8').split('\n').length).toBe(
    podAnnotations().length + 3,
  );
});
