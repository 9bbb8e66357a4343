import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { buildCluster, type ClusterOptions } from '../../../../src/check/model/cluster.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import { workloadKinds } from '../../../../src/check/model/workload-kinds.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { valueAt } from '../../../../src/check/read/values.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const build = (objects: readonly object[], options?: ClusterOptions) =>
  buildCluster(
    loadManifests([{ name: 'a.yaml', text: objects.map((object) => stringify(object)).join('---\n') }], 'default')
      .objects,
    defaultInputs,
    options,
  );
const check = (...objects: object[]) =>
  checkManifests([{ name: 'a.yaml', text: objects.map((object) => stringify(object)).join('---\n') }], {
    inputs: { kubernetes: '1.30' },
  });

/** Sets what is at a way; `*` makes a list of one. */
function put(way: string, value: unknown): unknown {
  const [step, ...rest] = way === '' ? [] : way.split('.');
  if (step === undefined) return value;
  const inner = put(rest.join('.'), value);
  return step === '*' ? [inner] : { [step]: inner };
}

const container = { name: 'c', image: 'registry.example.com/c:1', ports: [{ containerPort: 15_021 }] };
const metadata = { labels: { app: 'x' }, annotations: { 'sidecar.istio.io/native-side': 'true' } };
const shapes = {
  plain: { metadata, spec: { containers: [container] } },
  flat: { metadata },
  workflow: { name: 'c', metadata, container },
  task: { metadata, steps: [container] },
};

describe('every kind of the table', () => {
  it.each(
    workloadKinds.flatMap((kind) =>
      kind.groups.flatMap((group) =>
        kind.paths.map((path) => [`${group}/${kind.kind} ${path}`, kind, group, path] as const),
      ),
    ),
  )('%s: its pod template is found, and its keys where they stand', (_, kind, group, path) => {
    const apiVersion = group === '' ? 'v1' : `${group}/v1`;
    const object = { apiVersion, kind: kind.kind, ...(put(path, shapes[kind.shape ?? 'plain']) as object) };
    // The labels of a Tekton Task are those of its pods.
    const named = { ...object, metadata: { name: 'x', ...(path === '' || kind.shape === 'task' ? metadata : {}) } };
    const { workloads, unknown } = build([named]);
    expect(unknown).toEqual([]);
    expect(workloads).toHaveLength(1);
    const [workload] = workloads;
    expect(workload?.life).toBe(kind.life);
    const { template } = workload as { template: (typeof workloads)[0]['template'] };
    expect({ ...template.annotations }).toEqual(metadata.annotations);
    expect(valueAt(workload?.object.data, [...template.path, 'metadata', 'annotations'])).toEqual(metadata.annotations);
    if (kind.shape === 'flat') return;
    expect(template.containers.map(({ name }) => name)).toEqual(['c']);
    expect(valueAt(workload?.object.data, template.containers[0]?.path ?? [])).toEqual(container);
    expect(workload?.ports.map(({ number }) => number)).toEqual([15_021]);
  });

  it('has a source', () => {
    for (const { source } of workloadKinds) expect(source).toMatch(/\d|openshift|volcano/);
  });
});

const pod = (image: string, extra = {}) => ({
  spec: { containers: [{ name: 'c', image, ...extra }], restartPolicy: 'Never' },
});

describe('kinds are looked up with their group', () => {
  it('a Job of Volcano is none of Kubernetes: its tasks count', () => {
    const volcano = (labels: object) => ({
      apiVersion: 'batch.volcano.sh/v1alpha1',
      kind: 'Job',
      metadata: { name: 'train', namespace: 'shop' },
      spec: { tasks: [{ name: 'w', template: { metadata: { labels }, ...pod('x') } }] },
    });
    expect(check(volcano({ 'sidecar.istio.io/inject': 'false' })).findings).toEqual([]);
    expect(check(volcano({})).findings).toMatchObject([
      { rule: 'job-never-ends', path: 'spec.tasks[0].template.metadata' },
    ]);
  });

  it('what ends by itself, or is ended by its controller, is no server', () => {
    const workflow = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'w' },
      spec: {
        templates: [
          { name: 'a', container: { image: 'x' } },
          { name: 'all', steps: [[{ name: 'a', template: 'a' }]] },
        ],
      },
    };
    expect(check(workflow).findings.map(({ rule, path }) => [rule, path])).toEqual([
      ['startup-unprotected', 'spec.templates[0].metadata'],
    ]);
    const podMetadata = { labels: { 'sidecar.istio.io/inject': 'false' } };
    expect(check({ ...workflow, spec: { ...workflow.spec, podMetadata } }).findings).toEqual([]);
    const scaled = {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledJob',
      metadata: { name: 's' },
      spec: { jobTargetRef: { template: pod('x') } },
    };
    expect(check(scaled).findings.map(({ rule }) => rule)).toEqual(['job-never-ends']);
  });

  it('a Service of Knative selects nothing', () => {
    const { services, workloads } = build([
      { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 's' }, spec: { template: pod('x') } },
    ]);
    expect(services).toEqual([]);
    expect(workloads).toHaveLength(1);
  });

  it('policies and namespaces of other groups count for nothing', () => {
    const { policies, namespace } = build([
      {
        apiVersion: 'example.com/v1',
        kind: 'PeerAuthentication',
        metadata: { name: 'p' },
        spec: { mtls: { mode: 'STRICT' } },
      },
      { apiVersion: 'example.com/v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ]);
    expect(policies()).toEqual([]);
    expect(namespace('shop')).toBeUndefined();
  });
});

describe('what nobody knows', () => {
  const app = (name: string) => ({
    apiVersion: 'shop.example.com/v1',
    kind: 'App',
    metadata: { name },
    spec: { pods: { web: { metadata, ...pod('x') } } },
  });

  it('is named, once for a kind', () => {
    const { skipped } = check(app('a'), app('b'));
    expect(skipped).toEqual([
      {
        file: 'a.yaml',
        line: 1,
        reason: 'not read: 2 x shop.example.com App, which holds pods; say where: podTemplates in mesh-shim.yaml',
      },
    ]);
  });

  it('unless it only describes pods, or holds none', () => {
    const others = ['kyverno.io/v1', 'apiextensions.k8s.io/v1'].map((apiVersion) => ({ ...app('a'), apiVersion }));
    const none = {
      apiVersion: 'x.example.com/v1',
      kind: 'X',
      metadata: { name: 'x' },
      spec: { containers: ['a'], image: 'b' },
    };
    expect(check(...others, none).skipped).toEqual([]);
  });

  it('is read where the settings say where', () => {
    const { workloads, unknown } = build([app('a')], {
      podTemplates: [{ kind: 'App.shop.example.com', path: 'spec.pods.*' }],
    });
    expect(unknown).toEqual([]);
    // Its pods do not restart: they end.
    expect(workloads).toMatchObject([{ life: 'ends', template: { path: ['spec', 'pods', 'web'] } }]);
  });
});

describe('in one world', () => {
  const selector = { matchLabels: { app: 'web' } };
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'x' }] } };
  const owned = (kind: string, name: string) => [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }];
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector, template },
  };
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-5d', ownerReferences: owned('Deployment', 'web') },
    spec: { selector, template },
  };
  const runningPod = (name: string, owner = owned('ReplicaSet', 'web-5d')) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { ...labels, 'pod-template-hash': '5d' }, ownerReferences: owner },
    spec: template.spec,
  });
  const names = (...objects: object[]) => build(objects).workloads.map(({ object }) => `${object.kind} ${object.name}`);

  it.each<[string, object[], string[]]>([
    ['only the owner is judged', [deployment, replicaSet, runningPod('web-5d-x')], ['Deployment web']],
    ['also where the ReplicaSet is missing', [deployment, runningPod('web-5d-x')], ['Deployment web']],
    ['of pods without their owner the first', [runningPod('web-5d-x'), runningPod('web-5d-y')], ['Pod web-5d-x']],
    [
      'a CronJob stands for the pods of its Jobs',
      [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: { name: 'c' },
          spec: { jobTemplate: { spec: { template } } },
        },
        runningPod('c-123-x', owned('Job', 'c-123')),
      ],
      ['CronJob c'],
    ],
    [
      'an owner of another name is none',
      [deployment, runningPod('db-0', owned('StatefulSet', 'db'))],
      ['Deployment web', 'Pod db-0'],
    ],
  ])('%s', (_, objects, wanted) => {
    expect(names(...objects)).toEqual(wanted);
  });

  it('fragments are told, and left out', () => {
    const patch = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'web' }] } } },
    };
    expect(names(patch)).toEqual([]);
    expect(names({ ...patch, spec: { replicas: 3 } })).toEqual([]);
    expect(names({ ...patch, spec: { selector, ...patch.spec } })).toEqual(['Deployment web']);
    expect(check(patch)).toMatchObject({
      findings: [],
      skipped: [{ file: 'a.yaml', line: 1, reason: 'a fragment, as a patch is: no image and no selector' }],
    });
  });

  it('a copy is seen with what lies beside it', () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80 }] },
    });
    const file = (name: string) => ({
      name,
      text: [deployment, service('web')].map((object) => stringify(object)).join('---\n'),
    });
    const extra = { name: 'one/deep/b.yaml', text: stringify(service('other')) };
    const { objects } = loadManifests([file('install.yaml'), file('one/a.yaml'), extra], 'default');
    const { workloads, servicesOf } = buildCluster(objects, defaultInputs);
    const served = workloads.map((workload) =>
      servicesOf(workload).map(({ object }) => `${object.name} ${object.document.source.name}`),
    );
    expect(served).toEqual([
      ['web install.yaml', 'other one/deep/b.yaml'],
      ['web one/a.yaml', 'other one/deep/b.yaml'],
    ]);
  });
});
