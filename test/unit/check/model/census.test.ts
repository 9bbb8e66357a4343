import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const namespace = (name: string, labels = '{}') =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}\n`;
const pod = (name: string, scope: string, labels = '{}', spec = '{}') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${scope}, labels: ${labels}}\nspec: ${spec}\n`;
const censusOf = (...documents: string[]) => checkManifests([{ name: 'a', text: documents.join('---\n') }]).census;

it('counts workloads by where they are and why, in all and by namespace', () => {
  const census = censusOf(
    pod('e', 'unknown'),
    pod('a', 'shop'),
    pod('b', 'shop', '{sidecar.istio.io/inject: "false"}'),
    pod('c', 'shop', '{}', '{hostNetwork: true}'),
    pod('d', 'node'),
    pod('f', 'plain'),
    pod('g', 'plain', '{istio.io/rev: x}'),
    namespace('shop', '{istio-injection: enabled}'),
    namespace('node', '{istio.io/dataplane-mode: ambient}'),
    namespace('plain'),
    namespace('empty'),
  );
  expect(census).toEqual({
    workloads: 7,
    clusters: 1,
    sidecar: 3,
    ambient: 1,
    outside: 3,
    reasons: {
      ...{ 'namespace-label': 1, 'pod-label': 1, assumed: 1, 'ambient-label': 1, 'opted-out': 1 },
      ...{ 'namespace-unlabelled': 1, 'host-network': 1 },
    },
    namespaces: [
      {
        namespace: 'node',
        inFiles: true,
        ...{ workloads: 1, sidecar: 0, ambient: 1, outside: 0 },
        reasons: { 'ambient-label': 1 },
      },
      {
        ...{ namespace: 'plain', inFiles: true, workloads: 2, sidecar: 1, ambient: 0, outside: 1 },
        reasons: { 'pod-label': 1, 'namespace-unlabelled': 1 },
      },
      {
        ...{ namespace: 'shop', inFiles: true, workloads: 3, sidecar: 1, ambient: 0, outside: 2 },
        reasons: { 'namespace-label': 1, 'opted-out': 1, 'host-network': 1 },
      },
      {
        namespace: 'unknown',
        inFiles: false,
        ...{ workloads: 1, sidecar: 1, ambient: 0, outside: 0 },
        reasons: { assumed: 1 },
      },
    ],
  });
});

it('counts a pod that the injector refuses where it was meant to be', () => {
  const refused = pod('a', 'shop').replace('labels: {}', 'annotations: {status.sidecar.istio.io/port: x}');
  expect(censusOf(refused)).toMatchObject({ workloads: 1, sidecar: 1, reasons: { assumed: 1 } });
});

it('of no workload is all zero', () => {
  expect(censusOf(namespace('shop'))).toEqual({
    ...{ workloads: 0, sidecar: 0, ambient: 0, outside: 0 },
    ...{ reasons: {}, clusters: 0, namespaces: [] },
  });
});

it('counts each cluster by itself: what a base has in two overlays are two workloads', () => {
  const base = (world: string, namespaceOverride: string) => ({
    ...{ name: 'base', text: pod('a', 'x'), world, namespaceOverride },
  });
  const labelled = { name: 'prod', text: namespace('shop', '{istio-injection: enabled}'), world: 'prod' };
  const empty = { name: 'empty', text: namespace('none'), world: 'none' };
  const { census } = checkManifests([base('qa', 'shop'), base('prod', 'shop'), labelled, empty]);
  expect(census).toMatchObject({ workloads: 2, sidecar: 2, clusters: 2 });
  expect(census.namespaces).toMatchObject([
    { namespace: 'shop', world: 'prod', inFiles: true, workloads: 1, reasons: { 'namespace-label': 1 } },
    { namespace: 'shop', world: 'qa', inFiles: false, workloads: 1, reasons: { assumed: 1 } },
  ]);
});
