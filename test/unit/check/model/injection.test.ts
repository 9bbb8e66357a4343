import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { drainSeconds, readInjection } from '../../../../src/check/model/injection.ts';
import { defaultInputs, type Inputs } from '../../../../src/check/model/inputs.ts';
import type { PodTemplate } from '../../../../src/check/model/pod.ts';
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

describe('a sidecar that is in the template already', () => {
  const status = { 'sidecar.istio.io/status': '{}' };
  const app = { name: 'app' };
  const wait = { postStart: { exec: { command: ['pilot-agent', 'wait'] } } };
  type Pod = { annotations?: object; containers: object[]; initContainers?: object[]; namespace?: string };
  const injectionOf = (pod: Pod, inputs: Partial<Inputs> = {}) => {
    const { annotations = status, containers, initContainers = [], namespace = 'shop' } = pod;
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace, annotations },
      spec: { containers, initContainers },
    });
    const { objects } = loadManifests([{ name: 'a', text }], 'default');
    return buildCluster(objects, { ...defaultInputs, ...inputs }).workloads[0]?.injection;
  };
  const proxy = (more: object = {}) => ({ name: 'istio-proxy', ...more });

  it.each<[string, Pod, string]>([
    ['last', { containers: [app, proxy({ lifecycle: wait })] }, 'classic'],
    ['first, and held', { containers: [proxy({ lifecycle: wait }), app] }, 'hold'],
    ['first, and nothing waits', { containers: [proxy(), app] }, 'first'],
    ['first, with a preStop hook alone', { containers: [proxy({ lifecycle: { preStop: {} } }), app] }, 'first'],
    ['an init container', { containers: [app], initContainers: [proxy({ restartPolicy: 'Always' })] }, 'native'],
  ])('%s', (_, pod, mode) => {
    expect(injectionOf(pod)).toEqual({
      injected: true,
      mode,
      restsOn: [],
      init: undefined,
      statusPort: 15020,
      rewritesProbes: true,
    });
  });

  it('with the init container that redirects the traffic', () => {
    const initOf = (...names: string[]) => {
      const injection = injectionOf({ containers: [app, proxy()], initContainers: names.map((name) => ({ name })) });
      return injection?.injected === true ? injection.init : 'none';
    };
    expect(initOf('istio-init')).toBe('istio-init');
    expect(initOf('migrate', 'istio-init')).toBe('istio-init');
    expect(initOf('istio-validation')).toBe('istio-validation');
    expect(initOf('migrate')).toBeUndefined();
  });

  it('with probes as it or the installation says', () => {
    const rewrites = (annotation: string | undefined, inputs: Partial<Inputs>) => {
      const annotations = { ...status, ...(annotation && { 'sidecar.istio.io/rewriteAppHTTPProbers': annotation }) };
      const injection = injectionOf({ annotations, containers: [app, proxy()] }, inputs);
      return injection?.injected === true && injection.rewritesProbes;
    };
    expect(rewrites(undefined, {})).toBe(true);
    expect(rewrites(undefined, { probeRewrite: false })).toBe(false);
    expect(rewrites('true', { probeRewrite: false })).toBe(true);
    expect(rewrites('false', {})).toBe(false);
  });

  it('that is all of the pod is a gateway', () => {
    expect(injectionOf({ containers: [proxy()] })).toEqual({ injected: false, because: 'gateway' });
    const templates = (text: string) =>
      injectionOf({ annotations: { 'inject.istio.io/templates': text }, containers: [app] });
    expect(templates('gateway')).toEqual({ injected: false, because: 'gateway' });
    expect(templates('sidecar, kube-gateway')).toEqual({ injected: false, because: 'gateway' });
    expect(templates(' grpc-agent ')).toMatchObject({ injected: true, mode: 'grpc', init: undefined });
    expect(templates('sidecar')).toMatchObject({ injected: true, mode: 'classic' });
  });

  it('counts only with the mark of the injector', () => {
    expect(injectionOf({ annotations: {}, containers: [proxy(), app] })).toMatchObject({
      mode: 'classic',
      restsOn: ['injection', 'native', 'kubernetes', 'hold'],
    });
    expect(injectionOf({ containers: [app] })).toMatchObject({
      restsOn: ['injection', 'native', 'kubernetes', 'hold'],
    });
  });

  it('is the only way into the namespaces of the system', () => {
    for (const namespace of ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']) {
      expect(injectionOf({ annotations: {}, containers: [app], namespace })).toEqual({
        injected: false,
        because: 'namespace',
      });
      expect(injectionOf({ containers: [app, proxy()], namespace })).toMatchObject({ injected: true, mode: 'classic' });
    }
  });
});

describe('where the Namespace says it', () => {
  it.each<[object, object, true | string]>([
    [{ 'istio.io/rev': 'canary' }, {}, true],
    [{}, { 'istio.io/rev': 'canary' }, true],
    [{}, { 'istio.io/dataplane-mode': 'ambient' }, 'ambient'],
    [{}, {}, 'namespace'],
  ])('namespace %j, pod %j: %s', (namespace, labels, expected) => {
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: namespace } },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', namespace: 'shop', labels },
        spec: { containers: [{ name: 'app' }] },
      },
    ];
    const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const loaded = loadManifests([{ name: 'a', text }], 'default');
    const injection = buildCluster(loaded.objects, defaultInputs).workloads[0]?.injection;
    expect(injection?.injected === false ? injection.because : injection?.injected).toBe(expected);
    if (injection?.injected === true) expect(injection.restsOn).not.toContain('injection');
  });
});

it.each([
  ['terminationDrainDuration: 30s', 30],
  ['terminationDrainDuration: 30', 30],
  ['terminationDrainDuration: 1m30s', 5],
  ['terminationDrainDuration: 30s500ms', 5],
  ['terminationDrainDuration: 1.5', 5],
  ['concurrency: 2', 5],
  ['[]', 5],
])('a sidecar with %s drains for %d s', (config, seconds) => {
  const template = { annotations: { 'proxy.istio.io/config': config } } as unknown as PodTemplate;
  expect(drainSeconds(template, defaultInputs)).toBe(seconds);
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
