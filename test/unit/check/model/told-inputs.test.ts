import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { toldInputs } from '../../../../src/check/model/told-inputs.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const source = (objects: readonly object[]) => ({
  name: '<stdin>',
  text: stringify({ apiVersion: 'v1', kind: 'List', items: objects }, { aliasDuplicateObjects: false }),
});
const told = (...objects: object[]) =>
  Object.fromEntries(
    [...toldInputs(loadManifests([source(objects)], 'default').objects)].map(([name, { value, by }]) => [
      name,
      [value, by],
    ]),
  );

const node = (name: string, kubeletVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { nodeInfo: { kubeletVersion } },
});
const istiod = (image: string, env: object[] = [], namespace = 'istio-system') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace },
  spec: {
    selector: { matchLabels: { app: 'istiod' } },
    template: { spec: { containers: [{ name: 'discovery', image, env }] } },
  },
});
const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'istio-system' },
  data,
});

describe('what a cluster tells', () => {
  it('the oldest kubelet', () => {
    expect(told(node('a', 'v1.34.1'), node('b', 'v1.30.9-gke.100'), node('c', 'v1.33.0'))).toEqual({
      kubernetes: ['1.30', 'Node b'],
    });
    expect(told(node('a', 'unknown'))).toEqual({});
  });

  it("istiod's version, flags and namespace", () => {
    expect(told(istiod('docker.io/istio/pilot:1.27.3-distroless'))).toEqual({
      rootNamespace: ['istio-system', 'Deployment istiod'],
      istio: ['1.27', 'Deployment istiod'],
      native: ['auto', 'Deployment istiod'],
    });
    const env = [{ name: 'ENABLE_NATIVE_SIDECARS', value: 'true' }];
    expect(told(istiod('pilot@sha256:abc', env, 'mesh'))).toEqual({
      rootNamespace: ['mesh', 'Deployment istiod'],
      native: ['true', 'Deployment istiod'],
    });
  });

  it('the settings of the mesh and of the injector', () => {
    const mesh =
      'rootNamespace: root\ndefaultConfig:\n  holdApplicationUntilProxyStarts: true\n  terminationDrainDuration: 30s\n';
    expect(told(configMap('istio', { mesh }))).toEqual({
      rootNamespace: ['root', 'ConfigMap istio'],
      hold: ['default-config', 'ConfigMap istio'],
      drainSeconds: [30, 'ConfigMap istio'],
    });
    const values = JSON.stringify({
      global: {
        proxy: { holdApplicationUntilProxyStarts: true, seccompProfile: { type: 'RuntimeDefault' }, lifecycle: {} },
      },
      pilot: { cni: { enabled: true } },
      sidecarInjectorWebhook: { rewriteAppHTTPProbe: false },
    });
    const by = 'ConfigMap istio-sidecar-injector';
    expect(told(configMap('istio-sidecar-injector', { config: '', values }))).toEqual({
      probeRewrite: [false, by],
      cni: [true, by],
      hold: ['values', by],
      proxySeccomp: [true, by],
    });
    expect(told(configMap('istio', { mesh: 'a: [' }), configMap('istio-sidecar-injector', {}))).toEqual({});
  });

  it('the injector of the default revision, or the only one, beside istiod or in the root namespace', () => {
    const injector = (namespace: string, name = 'istio-sidecar-injector') => ({
      ...configMap(name, { values: '{"pilot": {"cni": {"enabled": true}}}' }),
      metadata: { name, namespace },
    });
    const by = (name: string) => ({ cni: [true, `ConfigMap ${name}`] });
    expect(told(injector('shop'))).toEqual({});
    expect(told(istiod('pilot:x', [], 'mesh'), injector('mesh'))).toMatchObject(by('istio-sidecar-injector'));
    expect(
      told(istiod('pilot:x', [], 'mesh'), configMap('istio', { mesh: 'rootNamespace: root' }), injector('mesh')),
    ).toMatchObject(by('istio-sidecar-injector'));
    expect(told(injector('istio-system', 'istio-sidecar-injector-a'))).toEqual(by('istio-sidecar-injector-a'));
    const revisions = ['a', 'b'].map((one) => injector('istio-system', `istio-sidecar-injector-${one}`));
    expect(told(...revisions)).toEqual({});
    const { objects } = loadManifests([source([injector('given')])], 'default');
    expect(toldInputs(objects, 'given').get('cni')?.value).toBe(true);
  });

  it('what the mesh does with DNS and metrics', () => {
    const mesh = (metadata: object) => ({ mesh: JSON.stringify({ defaultConfig: { proxyMetadata: metadata } }) });
    const by = 'ConfigMap istio';
    expect(told(configMap('istio', mesh({ ISTIO_META_DNS_CAPTURE: 'true' })))).toEqual({ dnsCapture: ['true', by] });
    const both = { ISTIO_META_DNS_CAPTURE: 'true', ISTIO_META_DNS_AUTO_ALLOCATE: 'true' };
    expect(told(configMap('istio', mesh(both)))).toEqual({ dnsCapture: ['auto-allocate', by] });
    expect(told(configMap('istio', mesh({ ISTIO_META_DNS_CAPTURE: 'no' })))).toEqual({ dnsCapture: ['false', by] });
    expect(told(configMap('istio', mesh({ ISTIO_META_DNS_AUTO_ALLOCATE: 'true' })))).toEqual({});
    expect(told(configMap('istio', { mesh: 'enablePrometheusMerge: false' }))).toEqual({ metricsMerge: [false, by] });
  });

  it('OpenShift, by a kind that nobody else has', () => {
    const route = { apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: { name: 'web', namespace: 'shop' } };
    expect(told(route)).toEqual({ openshift: [true, 'Route web'] });
    expect(told({ ...route, apiVersion: 'route.example.com/v1' })).toEqual({});
  });

  it('istio-cni, where its DaemonSet is there', () => {
    const daemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'istio-cni-node', namespace: 'kube-system' },
    };
    expect(told(daemonSet)).toEqual({ cni: [true, 'DaemonSet istio-cni-node'] });
    expect(told({ ...daemonSet, apiVersion: 'x.example.com/v1' })).toEqual({});
  });
});

it('it is no guess, and what the user gives goes before it', () => {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'shop' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'j', image: 'x' }] } } },
  };
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
  };
  const dump = source([namespace, job, node('a', 'v1.30.1'), istiod('pilot:1.31.0')]);
  const [finding] = checkManifests([dump]).findings;
  expect(finding).toMatchObject({ rule: 'job-never-ends', severity: 'error' });
  expect(finding?.restsOn).toContainEqual({ input: 'kubernetes', value: '1.30', given: false, by: 'Node a' });
  expect(checkManifests([dump], { inputs: { kubernetes: '1.34' } }).findings.map(({ rule }) => rule)).not.toContain(
    'job-never-ends',
  );
});
