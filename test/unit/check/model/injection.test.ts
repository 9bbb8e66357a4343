import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { readInjection } from '../../../../src/check/model/injection.ts';
import { defaultInputs, type Inputs } from '../../../../src/check/model/inputs.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { injectedPod } from '../../../helpers/injected-pod.ts';

// What Istio's own injector (kube-inject of 1.31) made of each manifest beside it.
const folder = 'test/fixtures/injection';
const cases = readOutcomes(readFileSync(`${folder}/outcomes.txt`, 'utf8'));

describe("the injector's outcome", () => {
  it('is recorded for every manifest', () => {
    const recorded = new Set(cases.map(({ file }) => `${file}.yaml`));
    expect([...recorded].toSorted()).toEqual(
      readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .toSorted(),
    );
    expect(cases.length).toBe(43);
  });

  it.each(cases)('$name', ({ file, mode, inputs, outcome }) => {
    const { template, injection } = workload(file, mode, { ...defaultInputs, ...inputs });
    if (outcome === 'error') expect(injection.injected).toBe('error');
    else if (outcome === 'disabled') expect(injection).toEqual({ injected: false, because: 'label' });
    else if (outcome === 'host-network') expect(injection).toEqual({ injected: false, because: 'host-network' });
    else expect(injectedPod(template, injection, { ...defaultInputs, ...inputs })).toEqual(outcome);
  });
});

describe('who is selected', () => {
  const on = { 'istio-injection': 'enabled' };
  const rev = { 'istio.io/rev': 'canary' };
  const ambient = { 'istio.io/dataplane-mode': 'ambient' };
  const wish = (value: string) => ({ 'sidecar.istio.io/inject': value });
  type Row = readonly [namespace: object | undefined, labels: object, inputs: Partial<Inputs>, expected: true | string];
  const rows: readonly Row[] = [
    [on, {}, {}, true],
    [on, wish('false'), {}, 'label'],
    [rev, {}, {}, true],
    [{ 'istio-injection': 'disabled' }, wish('true'), {}, 'namespace'],
    [{ ...on, ...ambient }, {}, {}, true],
    [{}, {}, {}, 'namespace'],
    [{}, wish('true'), {}, true],
    [{}, wish('yes'), {}, 'namespace'],
    [ambient, {}, {}, 'ambient'],
    [ambient, wish('true'), {}, true],
    [on, {}, { namespaceLabel: 'revision' }, 'namespace'],
    [rev, {}, { namespaceLabel: 'revision' }, true],
    [undefined, {}, {}, true],
    [undefined, {}, { injection: false }, 'namespace'],
    [undefined, wish('true'), { injection: false }, true],
    [undefined, {}, { ambient: true }, 'ambient'],
  ];
  it.each(rows)('namespace %j, pod %j, inputs %j: %s', (namespace, labels, inputs, expected) => {
    const pod = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'shop', labels },
      spec: {},
    });
    const scope = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: namespace },
    });
    const text = namespace === undefined ? pod : `${pod}\n---\n${scope}`;
    const { objects } = loadManifests([{ name: 'a', text }], 'default');
    const injection = buildCluster(objects, { ...defaultInputs, ...inputs }).workloads[0]?.injection;
    expect(injection?.injected === false ? injection.because : injection?.injected).toBe(expected);
  });
});

function workload(file: string, mode: string | undefined, inputs: Inputs) {
  const text = readFileSync(`${folder}/${file}.yaml`, 'utf8');
  const { objects } = loadManifests([{ name: file, text }], 'default');
  const [found] = buildCluster(objects, inputs).workloads;
  if (found === undefined) throw new Error(`no workload in ${file}`);
  const annotation = {
    native: { 'sidecar.istio.io/nativeSidecar': 'true' },
    classic: { 'sidecar.istio.io/nativeSidecar': 'false' },
    hold: { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' },
  }[mode ?? ''];
  if (annotation === undefined) return found;
  const template = { ...found.template, annotations: { ...found.template.annotations, ...annotation } };
  return { template, injection: readInjection(template, found.object.namespace, undefined, inputs) };
}

function readOutcomes(text: string) {
  let inputs: Partial<Inputs> = {};
  let modes = false;
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const [head = '', ...body] = block.split('\n');
    if (head.startsWith('ENABLE_NATIVE_SIDECARS=true')) inputs = { native: 'true' };
    if (head.startsWith('KIND.MODE')) [inputs, modes] = [{}, true];
    if (body.join('').trim() === '') return [];
    const [, name = '', values] = /^(\S+)\s*(?:\[values (.*)\])?/.exec(head) ?? [];
    const [kind = '', mode] = modes ? name.split('.') : [name];
    const given: Partial<Inputs> = {
      ...inputs,
      ...(values?.includes('hold') ? { hold: 'values' } : {}),
      ...(values?.includes('lifecycle') ? { proxyLifecycle: true } : {}),
    };
    return [
      {
        name: head.trim() + (inputs.native ? ' (native)' : ''),
        file: kind,
        mode,
        inputs: given,
        outcome: readOutcome(body.join('\n')),
      },
    ];
  });
}

function readOutcome(body: string) {
  if (body.includes('rc=1')) return 'error' as const;
  if (body.includes('has sidecar injection disabled')) return 'disabled' as const;
  if (body.includes('has host networking enabled')) return 'host-network' as const;
  const list = (name: string) =>
    [...(new RegExp(`${name} \\[(.*?)\\]`).exec(body)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, item]) => item);
  return { init: list('init'), containers: list('containers'), lifecycle: list('lifecycle'), probes: list('probes') };
}
