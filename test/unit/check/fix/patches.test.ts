import { describe, expect, it } from 'vitest';
import { pointer } from '../../../../src/check/edit/pointer.ts';
import type { Edit } from '../../../../src/check/fix/fix.ts';
import { patchesOf } from '../../../../src/check/fix/patches.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import type { KubeObject } from '../../../../src/check/read/manifest.ts';

const text = `apiVersion: v1
kind: Service
metadata: {name: web, annotations: {a.b/c: "1"}}
spec: {ports: [{port: 80}, {port: 81, name: x}], hosts: [a], empty: null, selector: x, items: [{deep: [1]}]}
`;
const [object] = loadManifests([{ name: 'a', text }], 'shop').objects as [KubeObject];
const patches = (...edits: Exclude<Edit, { op: 'remove-object' }>[]) => patchesOf(object, edits);
const merge = (patch: object) => [{ type: 'merge', patch }];
const json = (...patch: object[]) => [{ type: 'json', patch }];
const test80 = { op: 'test', path: '/spec/ports/0/port', value: 80 };

describe('patches', () => {
  it.each<[string, Exclude<Edit, { op: 'remove-object' }>, object]>([
    ['set a key', { op: 'set', path: ['spec', 'x'], value: 1 }, merge({ spec: { x: 1 } })],
    ['set below what is missing', { op: 'set', path: ['a', 'b', 'c'], value: 1 }, merge({ a: { b: { c: 1 } } })],
    [
      'remove a key',
      { op: 'remove', path: ['metadata', 'annotations', 'a.b/c'] },
      merge({ metadata: { annotations: { 'a.b/c': null } } }),
    ],
    [
      'give a key another name',
      { op: 'rename', path: ['metadata', 'annotations', 'a.b/c'], to: 'd' },
      merge({ metadata: { annotations: { 'a.b/c': null, d: '1' } } }),
    ],
    ['make a list', { op: 'append', path: ['spec', 'addresses'], value: 'a' }, merge({ spec: { addresses: ['a'] } })],
    [
      'set in an item, once it is the right one',
      { op: 'set', path: ['spec', 'ports', 0, 'name'], value: 'http' },
      json(test80, { op: 'add', path: '/spec/ports/0/name', value: 'http' }),
    ],
    [
      'replace in an item',
      { op: 'set', path: ['spec', 'ports', 1, 'name'], value: 'http' },
      json(
        { op: 'test', path: '/spec/ports/1/port', value: 81 },
        { op: 'replace', path: '/spec/ports/1/name', value: 'http' },
      ),
    ],
    [
      'add the first missing parent in an item',
      { op: 'set', path: ['spec', 'ports', 0, 'a', 'b'], value: 1 },
      json(test80, { op: 'add', path: '/spec/ports/0/a', value: { b: 1 } }),
    ],
    [
      'remove from an item',
      { op: 'remove', path: ['spec', 'ports', 0, 'port'] },
      json(test80, { op: 'remove', path: '/spec/ports/0/port' }),
    ],
    [
      'give a key of an item another name',
      { op: 'rename', path: ['spec', 'ports', 0, 'port'], to: 'number' },
      json(
        test80,
        { op: 'add', path: '/spec/ports/0/number', value: 80 },
        { op: 'remove', path: '/spec/ports/0/port' },
      ),
    ],
    [
      'add to a list',
      { op: 'append', path: ['spec', 'ports'], value: { port: 82 } },
      json({ op: 'add', path: '/spec/ports/-', value: { port: 82 } }),
    ],
    [
      'remove an item that is a text',
      { op: 'remove', path: ['spec', 'hosts', 0] },
      json({ op: 'test', path: '/spec/hosts/0', value: 'a' }, { op: 'remove', path: '/spec/hosts/0' }),
    ],
    [
      'do without a test where an item has no name',
      { op: 'set', path: ['spec', 'items', 0, 'deep'], value: 2 },
      json({ op: 'replace', path: '/spec/items/0/deep', value: 2 }),
    ],
  ])('%s', (_, edit, expected) => {
    expect(patches(edit)).toEqual(expected);
  });

  it('of one object are one of each type, with one test for each item', () => {
    expect(
      patches(
        { op: 'set', path: ['metadata', 'annotations', 'x'], value: '1' },
        { op: 'set', path: ['spec', 'ports', 0, 'name'], value: 'http' },
        { op: 'set', path: ['metadata', 'annotations', 'y'], value: '2' },
        { op: 'set', path: ['spec', 'ports', 0, 'appProtocol'], value: 'http' },
      ),
    ).toEqual([
      ...merge({ metadata: { annotations: { x: '1', y: '2' } } }),
      ...json(
        test80,
        { op: 'add', path: '/spec/ports/0/name', value: 'http' },
        { op: 'add', path: '/spec/ports/0/appProtocol', value: 'http' },
      ),
    ]);
  });

  it('have pointers that are escaped as RFC 6901 says', () => {
    expect(pointer(['a~b/c~1', 0])).toBe('/a~0b~1c~01/0');
    expect(pointer([])).toBe('');
  });
});
