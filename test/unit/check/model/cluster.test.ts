import { expect, it } from 'vitest';
import { buildCluster, isCaptured, targetOf } from '../../../../src/check/model/cluster.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';

const cluster = (...documents: readonly string[]) =>
  buildCluster(loadManifests([{ name: 'a', text: documents.join('---\n') }], 'default').objects, defaultInputs);

const pod = (labels: string, spec: string, annotations = '{}', name = 'a') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: ${labels}, annotations: ${annotations}}\nspec: ${spec}\n`;
const service = (spec: string, apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: Service\nmetadata: {name: s}\nspec: ${spec}\n`;

it('a pod has the ports of what stays in it', () => {
  const port = (number: number) => `ports: [{containerPort: ${number}}]`;
  const { workloads } = cluster(
    pod(
      '{}',
      `{containers: [{name: a, ${port(1)}}, {name: istio-proxy, ${port(2)}}, {name: b, ports: [{containerPort: x}, {containerPort: 3, protocol: UDP, name: u}]}],
       initContainers: [{name: c, ${port(4)}}, {name: d, restartPolicy: Always, ${port(5)}}, {name: e, restartPolicy: Never, ${port(6)}}]}`,
    ),
  );
  expect(workloads[0]?.ports.map(({ number, protocol, name }) => [number, protocol, name])).toEqual([
    [1, 'TCP', undefined],
    [3, 'UDP', 'u'],
    [5, 'TCP', undefined],
  ]);
  expect(workloads[0]?.template.containers.map(({ name, init, sidecar }) => [name, init, sidecar])).toEqual([
    ['a', false, false],
    ['b', false, false],
  ]);
  expect(workloads[0]?.template.initContainers.map(({ name, init, sidecar }) => [name, init, sidecar])).toEqual([
    ['c', true, false],
    ['d', true, true],
    ['e', true, false],
  ]);
});

it('a container that restarts for ever is no init container that stays', () => {
  const { workloads } = cluster(pod('{}', '{containers: [{name: a, restartPolicy: Always}]}'));
  expect(workloads[0]?.template.containers[0]).toMatchObject({ init: false, sidecar: false });
});

it('a probe has its kind, scheme and port, by number or by name', () => {
  const probes =
    '{livenessProbe: {httpGet: {port: web, scheme: HTTPS}}, readinessProbe: {grpc: {port: 9}}, startupProbe: {exec: {command: [a]}}';
  const { workloads } = cluster(
    pod(
      '{}',
      `{containers: [${probes}, name: a, ports: [{containerPort: 7}, {containerPort: 8, name: web}]}, {name: b, livenessProbe: {}, readinessProbe: {tcpSocket: {}}, ports: [{containerPort: 7}]}]}`,
    ),
  );
  const [a, b] = workloads[0]?.template.containers ?? [];
  expect(a?.probes.map(({ field, kind, port, scheme }) => [field, kind, port, scheme])).toEqual([
    ['startupProbe', 'exec', undefined, 'HTTP'],
    ['livenessProbe', 'httpGet', 8, 'HTTPS'],
    ['readinessProbe', 'grpc', 9, 'HTTP'],
  ]);
  expect(b?.probes.map(({ kind, port }) => [kind, port])).toEqual([['tcpSocket', undefined]]);
});

it('Services are those of Kubernetes that have pods of their own', () => {
  const { services } = cluster(
    service('{type: ExternalName, externalName: example.com}'),
    service('{selector: {app: a}}', 'serving.knative.dev/v1'),
    service(
      '{clusterIP: None, publishNotReadyAddresses: true, selector: {app: a}, ports: [{port: 1}, {port: x}, {port: 2, protocol: UDP}, {port: 3, protocol: SCTP}, {port: 4, protocol: QUIC, targetPort: web}]}',
    ),
    service('{ports: []}'),
  );
  expect(services.map(({ selector, headless, publishNotReady }) => [selector, headless, publishNotReady])).toEqual([
    [{ app: 'a' }, true, true],
    [undefined, false, false],
  ]);
  expect(services[0]?.ports.map(({ port, transport, targetPort }) => [port, transport, targetPort])).toEqual([
    [1, 'TCP', undefined],
    [2, 'UDP', undefined],
    [3, 'SCTP', undefined],
    [4, 'TCP', 'web'],
  ]);
});

it('a Service selects by all of its labels, in its namespace', () => {
  const { services, workloads, servicesOf, selected } = cluster(
    pod('{app: a, tier: x}', '{}', '{}', 'one'),
    pod('{app: a, tier: v}', '{}', '{}', 'two'),
    pod('{app: a, tier: x}', '{}', '{}', 'three').replace('name: three', 'name: three, namespace: other'),
    service('{selector: {app: a, tier: x}}'),
    service('{}'),
  );
  expect(workloads.map((workload) => servicesOf(workload))).toEqual([[services[0]], [], []]);
  const names = (labels: Record<string, string>) => selected('default', labels).map(({ object }) => object.name);
  expect(names({})).toEqual(['one', 'two']);
  expect(names({ tier: 'v' })).toEqual(['two']);
  expect(names({ tier: 'z' })).toEqual([]);
  expect(selected('empty', {})).toEqual([]);
});

it('a named port is that of the same transport', () => {
  const { services, workloads } = cluster(
    pod(
      '{app: a}',
      '{containers: [{name: a, ports: [{containerPort: 53, name: dns, protocol: UDP}, {containerPort: 54, name: dns}]}]}',
    ),
    service(
      '{selector: {app: a}, ports: [{port: 1, targetPort: dns}, {port: 2, targetPort: dns, protocol: UDP}, {port: 3, targetPort: x}, {port: 4, targetPort: 5}, {port: 6}]}',
    ),
  );
  const [workload] = workloads;
  if (workload === undefined) throw new Error('no workload');
  expect(services[0]?.ports.map((port) => targetOf(port, workload))).toEqual([54, 53, undefined, 5, 6]);
});

it.each([
  ['{}', true],
  ['{sidecar.istio.io/interceptionMode: NONE}', false],
  ['{traffic.sidecar.istio.io/includeInboundPorts: "*"}', true],
  ['{traffic.sidecar.istio.io/includeInboundPorts: ""}', false],
  ['{traffic.sidecar.istio.io/includeInboundPorts: "81, 80"}', true],
  ['{traffic.sidecar.istio.io/includeInboundPorts: "8080"}', false],
  ['{traffic.sidecar.istio.io/excludeInboundPorts: "81, 80"}', false],
  ['{traffic.sidecar.istio.io/excludeInboundPorts: "8080"}', true],
  ['{traffic.sidecar.istio.io/includeInboundPorts: "80", traffic.sidecar.istio.io/excludeInboundPorts: "80"}', true],
])('with %s port 80 is captured: %s', (annotations, captured) => {
  const [workload] = cluster(pod('{}', '{containers: [{name: a}]}', annotations)).workloads;
  expect(workload && isCaptured(workload, 80)).toBe(captured);
  const [out] = cluster(pod('{sidecar.istio.io/inject: "false"}', '{}', annotations)).workloads;
  expect(out && isCaptured(out, 80)).toBe(false);
});
