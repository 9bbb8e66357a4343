import { expect, it } from 'vitest';
import { FindingFix } from '../../../../src/check/fix/finding-fix.ts';
import { type Change, remove, set } from '../../../../src/check/fix/fix.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import type { KubeObject } from '../../../../src/check/read/manifest.ts';

function commands(head: string, changes: (object: KubeObject) => Change[]) {
  const { objects } = loadManifests([{ name: 'a', text: head }], 'shop');
  const { patches, replacements } = new FindingFix({
    title: 'x',
    certain: true,
    changes: changes(objects[0] as KubeObject),
  });
  return [...patches.map(({ type }) => type), ...replacements.map(({ remove: goes }) => (goes ? 'recreate' : 'file'))];
}

const head = (apiVersion: string, kind: string, more = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${more}`;
const annotation = ['spec', 'template', 'metadata', 'annotations', 'x'];

it.each<[string, string, (string | number)[], string]>([
  ['the pod template of a Job', head('batch/v1', 'Job'), annotation, 'recreate'],
  ['that of a Job of another group', head('batch.volcano.sh/v1', 'Job'), annotation, 'merge'],
  ['how often a Job is tried', head('batch/v1', 'Job'), ['spec', 'backoffLimit'], 'merge'],
  ['that of a CronJob', head('batch/v1', 'CronJob'), ['spec', 'jobTemplate', ...annotation], 'merge'],
  ['that of a Deployment', head('apps/v1', 'Deployment'), annotation, 'merge'],
  ['the selector of a Deployment', head('apps/v1', 'Deployment'), ['spec', 'selector', 'matchLabels', 'a'], 'recreate'],
  ['an annotation of a pod', head('v1', 'Pod'), ['metadata', 'annotations', 'x'], 'recreate'],
  ['a container of a pod', head('v1', 'Pod'), ['spec', 'containers', 0, 'startupProbe'], 'recreate'],
  ['the image of a pod', head('v1', 'Pod'), ['spec', 'containers', 0, 'image'], 'json'],
  ['the name of the Service of a StatefulSet', head('apps/v1', 'StatefulSet'), ['spec', 'serviceName'], 'recreate'],
  ['the address of a Service', head('v1', 'Service'), ['spec', 'clusterIP'], 'recreate'],
  ['a port of a Service', head('v1', 'Service'), ['spec', 'ports', 0, 'name'], 'json'],
  ['the version of an API', head('networking.istio.io/v1beta1', 'Gateway'), ['apiVersion'], 'file'],
  ['the namespace', head('networking.istio.io/v1', 'Gateway'), ['metadata', 'namespace'], 'recreate'],
  ['a label', head('networking.istio.io/v1', 'Gateway'), ['metadata', 'labels', 'name'], 'merge'],
  ['the data of a ConfigMap', head('v1', 'ConfigMap'), ['data', 'a'], 'merge'],
  ['those of one that is immutable', head('v1', 'ConfigMap', 'immutable: true'), ['data', 'a'], 'recreate'],
  [
    'an annotation that is no string',
    head('v1', 'Namespace').replace('a}', 'a, annotations: {x: true}}'),
    ['metadata', 'annotations', 'x'],
    'file',
  ],
  [
    'what has no name of its own',
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: {generateName: a-}\n',
    ['spec', 'x'],
    'file',
  ],
])('%s: %s', (_, text, path, expected) => {
  expect(commands(text, (object) => [set(object, path, 'y')])).toEqual([expected]);
});

it('what must be applied from the file is not patched in part', () => {
  const job = head('batch/v1', 'Job', 'spec: {backoffLimit: 1}\n');
  expect(commands(job, (object) => [remove(object, ['spec', 'backoffLimit']), set(object, annotation, 'y')])).toEqual([
    'recreate',
  ]);
});
