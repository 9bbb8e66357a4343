import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { drainSeconds, readInjection } from '../../../../src/check/model/injection.ts';
import { readInjectorConfig } from '../../../../src/check/model/injector-config.ts';
import { defaultInputs, type Inputs } from '../../../../src/check/model/inputs.ts';
import type { MembershipReason } from '../../../../src/check/model/membership-reasons.ts';
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
    const told = { ...defaultInputs, istio: '1.31', ...inputs };
    const { template, injection } = workload(file, mode, told);
    if (outcome === 'error') expect(injection.injected).toBe('error');
    else if (outcome === 'disabled') expect(injection).toMatchObject({ injected: false, because: 'opted-out' });
    else if (outcome === 'host-network') expect(injection).toMatchObject({ injected: false, because: 'host-network' });
    else expect(injectedPod(template, injection, told)).toEqual(outcome);
  });
});

describe('who is selected', () => {
  const on = { 'istio-injection': 'enabled' };
  const rev = { 'istio.io/rev': 'canary' };
  const ambient = { 'istio.io/dataplane-mode': 'ambient' };
  const wish = (value: string) => ({ 'sidecar.istio.io/inject': value });
  type Row = readonly [
    namespace: object | undefined,
    labels: object,
    inputs: Partial<Inputs>,
    because: MembershipReason,
  ];
  const rows: readonly Row[] = [
    [on, {}, {}, 'namespace-label'],
    [on, wish('false'), {}, 'opted-out'],
    [rev, {}, {}, 'namespace-label'],
    [{ 'istio-injection': 'disabled' }, wish('true'), {}, 'namespace-opted-out'],
    [{ 'istio-injection': 'disabled', ...rev }, rev, {}, 'namespace-opted-out'],
    [{ 'istio-injection': 'Enabled' }, {}, {}, 'namespace-opted-out'],
    [{ ...on, ...ambient }, {}, {}, 'namespace-label'],
    [{ ...rev, ...ambient }, {}, {}, 'namespace-label'],
    [{}, {}, {}, 'namespace-unlabelled'],
    [{}, wish('true'), {}, 'pod-label'],
    [{}, { ...wish('true'), ...rev }, {}, 'pod-label'],
    [{}, rev, {}, 'pod-label'],
    [{}, { ...wish('false'), ...rev }, {}, 'opted-out'],
    [{}, wish('yes'), {}, 'namespace-unlabelled'],
    [{}, ambient, {}, 'ambient-label'],
    [ambient, {}, {}, 'ambient-label'],
    [ambient, { 'istio.io/dataplane-mode': 'none' }, {}, 'opted-out'],
    [ambient, wish('true'), {}, 'pod-label'],
    [on, {}, { namespaceLabel: 'revision' }, 'namespace-unlabelled'],
    [rev, {}, { namespaceLabel: 'revision' }, 'namespace-label'],
    [undefined, {}, {}, 'assumed'],
    [undefined, ambient, {}, 'ambient-label'],
    [undefined, {}, { injection: true }, 'input'],
    [undefined, {}, { injection: false }, 'input-outside'],
    [undefined, wish('true'), { injection: false }, 'pod-label'],
    [undefined, {}, { ambient: true }, 'ambient-input'],
    [undefined, { 'istio.io/dataplane-mode': 'none' }, { ambient: true }, 'opted-out'],
    // What is said of injection is heard where no label of the namespace says something, in the files or not, ...
    [{}, {}, { injection: true }, 'input'],
    [{}, {}, { injection: false }, 'input-outside'],
    [on, {}, { injection: false }, 'namespace-label'],
    [ambient, {}, { injection: true }, 'ambient-label'],
    [{ 'istio-injection': 'disabled' }, {}, { injection: true }, 'namespace-opted-out'],
    // ... and the namespace's own name above all.
    [undefined, {}, { injection: { shop: true, '*': false } }, 'input'],
    [undefined, {}, { injection: { other: true, '*': false } }, 'input-outside'],
    [undefined, {}, { injection: { other: false } }, 'assumed'],
    [undefined, {}, { injection: { shop: true }, ambient: true }, 'input'],
    [undefined, {}, { injection: { shop: false }, ambient: true }, 'ambient-input'],
    [undefined, {}, { injection: Object.create({ shop: false }) }, 'assumed'],
    // Nobody injects into Istio's own namespace, unless somebody says so.
    [undefined, {}, { rootNamespace: 'shop' }, 'root-namespace'],
    [{}, {}, { rootNamespace: 'shop', injection: true }, 'root-namespace'],
    [undefined, {}, { rootNamespace: 'shop', injection: { shop: true } }, 'input'],
    [on, {}, { rootNamespace: 'shop' }, 'namespace-label'],
    // Since 1.27 the injector knows two words.
    [on, wish('False'), {}, 'namespace-label'],
    [on, wish('no'), { istio: '1.27' }, 'namespace-label'],
    [on, wish('False'), { istio: '1.26' }, 'opted-out'],
    [on, wish('what'), { istio: '1.26' }, 'opted-out'],
    [on, wish('Yes'), { istio: '1.26' }, 'namespace-label'],
    [on, wish(''), { istio: '1.26' }, 'namespace-label'],
    [on, wish('no'), { istio: '1.40' }, 'namespace-label'],
  ];
  it.each(rows)('namespace %j, pod %j, inputs %j: %s', (namespace, labels, inputs, expected) => {
    expect(injectionIn({ namespace, labels, inputs })?.because).toBe(expected);
  });

  it('rests on the input where that decides, and on nothing where a label does', () => {
    const memberBy = (namespace: object | undefined, labels: object, inputs: Partial<Inputs> = {}) =>
      injectionIn({ namespace, labels, inputs })?.memberBy;
    expect(memberBy(undefined, {})).toEqual(['injection']);
    expect(memberBy({}, {})).toEqual(['injection']);
    expect(memberBy(undefined, {}, { injection: true })).toEqual(['injection']);
    expect(memberBy(on, {}, { injection: false })).toEqual([]);
    expect(memberBy(undefined, wish('true'))).toEqual([]);
    expect(memberBy(undefined, wish('false'))).toEqual([]);
    expect(memberBy(undefined, {}, { rootNamespace: 'shop' })).toEqual([]);
  });

  it('is judged by the annotation, where the pod has no label', () => {
    const because = (annotation: string, labels: object = {}, inputs: Partial<Inputs> = {}) =>
      injectionIn({ namespace: on, labels, inputs, annotations: { 'sidecar.istio.io/inject': annotation } })?.because;
    expect(because('false')).toBe('opted-out');
    expect(because('false', wish('true'))).toBe('namespace-label');
    expect(because('false', wish(''))).toBe('namespace-label');
    expect(because('no')).toBe('namespace-label');
    expect(because('no', {}, { istio: '1.26' })).toBe('opted-out');
  });

  it("takes another mesh's pods out of what is assumed, and of nothing else", () => {
    const because = (namespace: object | undefined, more: Partial<Scene>) =>
      injectionIn({ namespace, labels: {}, inputs: {}, ...more })?.because;
    const linkerd = { annotations: { 'linkerd.io/inject': 'enabled' } };
    expect(because(undefined, linkerd)).toBe('other-mesh');
    expect(because(undefined, { annotations: { 'linkerd.io/inject': 'disabled' } })).toBe('assumed');
    expect(because(undefined, { labels: { 'kuma.io/sidecar-injection': 'enabled' } })).toBe('other-mesh');
    expect(because(undefined, { spec: { initContainers: [{ name: 'linkerd-proxy' }] } })).toBe('other-mesh');
    expect(because(undefined, { spec: { containers: [{ name: 'consul-dataplane' }] } })).toBe('other-mesh');
    expect(because(on, linkerd)).toBe('namespace-label');
  });
});

describe('templates that a pod asks for', () => {
  const on = { 'istio-injection': 'enabled' };
  const ask = (templates: string, inputs: Partial<Inputs> = {}, others: readonly string[] = []) => {
    const annotations = { 'inject.istio.io/templates': templates };
    return injectionIn({ namespace: on, labels: {}, inputs, annotations, others });
  };
  const refused = (message: string, restsOn: readonly string[]) => ({ injected: 'error', message, restsOn });

  it.each(['sidecar', 'sidecar, grpc-agent', 'grpc-simple'])('%s is of Istio itself', (templates) => {
    expect(ask(templates)).not.toHaveProperty('doubtfulTemplate');
    expect(ask(templates)).toMatchObject({ injected: true });
  });

  it('are in doubt where nothing says what the installation has', () => {
    expect(ask('sidecar,spire')).toMatchObject({ injected: true, mode: 'classic', doubtfulTemplate: 'spire' });
    expect(ask('Sidecar')).toMatchObject({ injected: true, doubtfulTemplate: 'Sidecar' });
  });

  it('are known where the input says so', () => {
    expect(ask('sidecar,spire', { injectionTemplates: ['spire'] })).not.toHaveProperty('doubtfulTemplate');
    expect(ask('', { injectionTemplates: [] })).toMatchObject({ injected: 'error' });
    expect(ask('mine', { injectionTemplates: ['spire'] })).toMatchObject(
      refused(
        'the injector has no template "mine" (it has agentgateway, agentgateway-waypoint, gateway, grpc-agent, grpc-simple, kube-gateway, sidecar, waypoint, spire)',
        ['injectionTemplates'],
      ),
    );
  });

  it("are known where the injector's ConfigMap is in the files", () => {
    const configMap = (config: string) =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'ConfigMap' },
        metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
        data: { config },
      });
    const own = configMap('templates: {sidecar: "", spire: ""}\naliases: {both: [sidecar, spire]}\n');
    expect(ask('spire', {}, [own])).not.toHaveProperty('doubtfulTemplate');
    expect(ask('both', {}, [own])).toMatchObject({ injected: true });
    const message =
      'the injector has no template "grpc-agent" (ConfigMap istio-sidecar-injector has sidecar, spire, both)';
    expect(ask('grpc-agent', { injectionTemplates: ['grpc-agent'] }, [own])).toMatchObject(refused(message, []));
    expect(ask('spire', {}, [configMap('policy: enabled')])).toMatchObject({ doubtfulTemplate: 'spire' });
  });
});

describe("the injector's own ConfigMap", () => {
  const on = { 'istio-injection': 'enabled' };
  const configMap = (config: string, name = 'istio-sidecar-injector', namespace = 'istio-system') =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { config } });
  const because = (others: readonly string[], labels: object = {}) =>
    injectionIn({ namespace: on, labels, inputs: {}, others })?.because;
  const never = 'neverInjectSelector:\n- matchLabels: {app: web}\n';
  const always = 'alwaysInjectSelector:\n- matchExpressions: [{key: app, operator: Exists}]\n';

  it('has a policy, and selectors that come before it', () => {
    expect(because([configMap('policy: disabled')])).toBe('policy-disabled');
    expect(because([configMap('policy: disabled')], { 'sidecar.istio.io/inject': 'true' })).toBe('namespace-label');
    expect(because([configMap('policy: enabled')])).toBe('namespace-label');
    expect(because([configMap('policy: off')])).toBe('policy-disabled');
    expect(because([configMap(never)], { app: 'web' })).toBe('never-inject');
    expect(because([configMap(never)], { app: 'web', 'sidecar.istio.io/inject': 'true' })).toBe('namespace-label');
    expect(because([configMap(never)], { app: 'db' })).toBe('namespace-label');
    expect(because([configMap(`policy: disabled\n${always}`)], { app: 'web' })).toBe('always-inject');
    expect(because([configMap(`${always}${never}`)], { app: 'web' })).toBe('never-inject');
    expect(because([configMap('neverInjectSelector: [{}]')])).toBe('namespace-label');
    const assumed = injectionIn({
      namespace: undefined,
      labels: { app: 'web' },
      inputs: {},
      others: [configMap(always)],
    });
    expect(assumed).toMatchObject({ because: 'always-inject', memberBy: ['injection'] });
    const left = injectionIn({ namespace: undefined, labels: { app: 'web' }, inputs: {}, others: [configMap(never)] });
    expect(left).toMatchObject({ because: 'never-inject', memberBy: [] });
  });

  it('is that of the default revision, or the only one, and of the root namespace', () => {
    const disabled = 'policy: disabled';
    expect(because([configMap(disabled, 'istio-sidecar-injector-canary')])).toBe('policy-disabled');
    expect(
      because([configMap(disabled, 'istio-sidecar-injector-a'), configMap(disabled, 'istio-sidecar-injector-b')]),
    ).toBe('namespace-label');
    expect(because([configMap(disabled, 'istio-sidecar-injector-a'), configMap('policy: enabled')])).toBe(
      'namespace-label',
    );
    expect(because([configMap(disabled, 'istio-sidecar-injector', 'shop')])).toBe('namespace-label');
    expect(because([configMap('policy: [')])).toBe('namespace-label');
    expect(because([configMap('- x')])).toBe('namespace-label');
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
      because: 'by-hand',
      memberBy: [],
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
    expect(injectionOf({ containers: [proxy()] })).toMatchObject({ injected: false, because: 'gateway' });
    const templates = (text: string) =>
      injectionOf({ annotations: { 'inject.istio.io/templates': text }, containers: [app] });
    expect(templates('gateway')).toMatchObject({ injected: false, because: 'gateway' });
    expect(templates('sidecar, own-gateway')).toMatchObject({ injected: false, because: 'gateway' });
    expect(templates('sidecar, kube-gateway')).toMatchObject({
      injected: 'error',
      message: 'the template "kube-gateway" is for Gateways that istiod makes itself, and fails for a pod',
    });
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
      expect(injectionOf({ annotations: {}, containers: [app], namespace })).toMatchObject({
        injected: false,
        because: 'system-namespace',
      });
      expect(injectionOf({ containers: [app, proxy()], namespace })).toMatchObject({ injected: true, mode: 'classic' });
    }
  });
});

it.each([
  ['terminationDrainDuration: 30s', 30],
  ['terminationDrainDuration: 30', 5],
  ['terminationDrainDuration: 1m30s', 90],
  ['terminationDrainDuration: 30s500ms', 30.5],
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
  const { namespace } = found.object;
  const injector = readInjectorConfig([], inputs.rootNamespace);
  return { template, injection: readInjection(template, { namespace, object: undefined, inputs, injector }) };
}

interface Scene {
  /** Labels of the Namespace `shop`; undefined: it is not in the files. */
  readonly namespace: object | undefined;
  readonly labels: object;
  readonly inputs: Partial<Inputs>;
  readonly annotations?: object;
  readonly spec?: object;
  readonly others?: readonly string[];
}

/** What becomes of a pod in the namespace `shop`. */
function injectionIn({ namespace, labels, inputs, annotations = {}, spec = {}, others = [] }: Scene) {
  const metadata = { name: 'a', namespace: 'shop', labels, annotations };
  const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
  const scope = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: namespace } });
  const text = [pod, ...(namespace === undefined ? [] : [scope]), ...others].join('\n---\n');
  const { objects } = loadManifests([{ name: 'a', text }], 'default');
  return buildCluster(objects, { ...defaultInputs, ...inputs }).workloads[0]?.injection;
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
      // The installation that they were recorded with had no template of its own.
      injectionTemplates: [],
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
