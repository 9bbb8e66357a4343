import { describe, expect, it } from 'vitest';
import { type Edit, jsonPatch, pointer } from '../../../../src/check/fix/fix.ts';

const data = {
  metadata: { name: 'web', annotations: { 'a.b/c': '1' } },
  spec: { ports: [{ port: 80 }], empty: null, selector: 'x' },
};

describe('jsonPatch', () => {
  it.each<[string, Edit, unknown[]]>([
    [
      'replaces what is there',
      { op: 'set', path: ['metadata', 'name'], value: 'api' },
      [{ op: 'replace', path: '/metadata/name', value: 'api' }],
    ],
    [
      'adds a key',
      { op: 'set', path: ['spec', 'clusterIP'], value: 'None' },
      [{ op: 'add', path: '/spec/clusterIP', value: 'None' }],
    ],
    [
      'adds the first missing parent',
      { op: 'set', path: ['metadata', 'labels', 'app'], value: 'web' },
      [{ op: 'add', path: '/metadata/labels', value: { app: 'web' } }],
    ],
    [
      'adds all that is missing',
      { op: 'set', path: ['a', 'b', 'c'], value: 1 },
      [{ op: 'add', path: '/a', value: { b: { c: 1 } } }],
    ],
    [
      'replaces a value that has no keys',
      { op: 'set', path: ['spec', 'selector', 'app'], value: 'web' },
      [{ op: 'add', path: '/spec/selector', value: { app: 'web' } }],
    ],
    [
      'adds below null',
      { op: 'set', path: ['spec', 'empty', 'a'], value: 1 },
      [{ op: 'add', path: '/spec/empty', value: { a: 1 } }],
    ],
    [
      'sets in a list',
      { op: 'set', path: ['spec', 'ports', 0, 'name'], value: 'http' },
      [{ op: 'add', path: '/spec/ports/0/name', value: 'http' }],
    ],
    [
      'sets a key of the object itself',
      { op: 'set', path: ['kind'], value: 'Pod' },
      [{ op: 'add', path: '/kind', value: 'Pod' }],
    ],
    [
      'removes',
      { op: 'remove', path: ['metadata', 'annotations', 'a.b/c'] },
      [{ op: 'remove', path: '/metadata/annotations/a.b~1c' }],
    ],
    [
      'moves a key to its new name',
      { op: 'rename', path: ['metadata', 'annotations', 'a.b/c'], to: 'd' },
      [{ op: 'move', from: '/metadata/annotations/a.b~1c', path: '/metadata/annotations/d' }],
    ],
    [
      'appends to a list',
      { op: 'append', path: ['spec', 'ports'], value: { port: 81 } },
      [{ op: 'add', path: '/spec/ports/-', value: { port: 81 } }],
    ],
    [
      'makes a list',
      { op: 'append', path: ['spec', 'hosts'], value: 'a' },
      [{ op: 'add', path: '/spec/hosts', value: ['a'] }],
    ],
    ['has nothing for the whole object', { op: 'remove-object' }, []],
  ])('%s', (_, edit, operations) => {
    expect(jsonPatch(data, edit)).toEqual(operations);
  });

  it('escapes pointers as RFC 6901 says', () => {
    expect(pointer(['a~b/c~1', 0])).toBe('/a~0b~1c~01/0');
    expect(pointer([])).toBe('');
  });
});
