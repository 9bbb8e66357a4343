import { expect, it } from 'vitest';
import { loadManifests } from '../../../../src/check/read/load.ts';
import type { KubeObject } from '../../../../src/check/read/manifest.ts';
import { createLocator } from '../../../../src/check/read/position.ts';
import type { Path } from '../../../../src/check/read/values.ts';

const yaml = `# head
---
apiVersion: v1
kind: Service
metadata: {name: a, labels: {app: b}}
spec:
  ports:
    - name: http
      port: 80
    - name: grpc
  5: five
  "a.b/c": d
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: c
  - apiVersion: v1
    kind: Secret
`;
const { objects } = loadManifests([{ name: 'a.yaml', text: yaml }], 'default');
const [service, configMap, secret] = objects as [KubeObject, KubeObject, KubeObject];
const locate = createLocator();

it.each<[string, KubeObject, Path, number, number]>([
  ['the object', service, [], 3, 1],
  ['a key', service, ['kind'], 4, 1],
  ['a key below', service, ['spec', 'ports'], 7, 3],
  ['an item', service, ['spec', 'ports', 1], 10, 7],
  ['a key of an item', service, ['spec', 'ports', 0, 'port'], 9, 7],
  ['a key in a flow map', service, ['metadata', 'labels', 'app'], 5, 30],
  ['a key that is quoted', service, ['spec', 'a.b/c'], 12, 3],
  ['a key that is a number', service, ['spec', '5'], 11, 3],
  ['the last key that is there', service, ['spec', 'ports', 0, 'targetPort'], 8, 7],
  ['the list, where the item is not there', service, ['spec', 'ports', 7, 'port'], 7, 3],
  ['the key whose value has no keys', service, ['kind', 'x', 'y'], 4, 1],
  ['the object, where the first key is not there', service, ['status', 'x'], 3, 1],
  ['the list, where it has no such key', service, ['spec', 'ports', 'name'], 7, 3],
  ['an item of a List', configMap, [], 17, 5],
  ['a key in an item of a List', configMap, ['metadata', 'name'], 20, 7],
  ['a key in the next item', secret, ['kind'], 22, 5],
  ['a key of the document before', service, ['kind'], 4, 1],
])('finds %s', (_, object, path, line, column) => {
  expect(locate(object, path)).toEqual({ line, column });
});
