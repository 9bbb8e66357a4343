import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { editDocument } from '../../../../src/check/fix/edit-document.ts';
import type { Change, FieldEdit } from '../../../../src/check/fix/fix.ts';
import { parseDocument } from '../../../../src/check/read/kube-yaml.ts';
import type { KubeObject } from '../../../../src/check/read/manifest.ts';

/** One edit of a document that is one object. */
const edited = (text: string, edit: FieldEdit) =>
  editDocument(text, [{ object: { root: [] } as unknown as KubeObject, edit }]);
const editText = (text: string, edit: FieldEdit) => edited(text, edit).text ?? 'refused';

const text = `# head
metadata:
  name: web # the name
  labels: {app: web, tier: front}

spec:
  # about the ports
  ports:
  - name: http
    port: 80
  - name: "tcp"
    port: 81
`;

describe('editDocument', () => {
  it.each([
    ['sets a value in place', { op: 'set', path: ['metadata', 'name'], value: 'api' }, 'name: web ', 'name: api '],
    ['renames a key', { op: 'rename', path: ['spec', 'ports'], to: 'other' }, '  ports:', '  other:'],
    [
      'adds to a map',
      { op: 'set', path: ['spec', 'clusterIP'], value: 'None' },
      '    port: 81\n',
      '    port: 81\n  clusterIP: None\n',
    ],
    [
      'makes maps on the way',
      { op: 'set', path: ['metadata', 'annotations', 'a'], value: 'true' },
      'front}\n',
      'front}\n  annotations:\n    a: "true"\n',
    ],
    [
      'adds to a list',
      { op: 'append', path: ['spec', 'ports'], value: { port: 82 } },
      '    port: 81\n',
      '    port: 81\n  - port: 82\n',
    ],
    ['removes a pair', { op: 'remove', path: ['spec', 'ports', 1, 'port'] }, '    port: 81\n', ''],
    ['removes an item', { op: 'remove', path: ['spec', 'ports', 1] }, '  - name: "tcp"\n    port: 81\n', ''],
  ] as const)('%s and keeps all else', (_, edit, before, after) => {
    expect(editText(text, edit)).toBe(text.replace(before, after));
  });

  it('removes maps that would be left empty', () => {
    const yaml = 'metadata:\n  annotations:\n    a: b\n  name: web\n';
    expect(editText(yaml, { op: 'remove', path: ['metadata', 'annotations', 'a'] })).toBe('metadata:\n  name: web\n');
  });

  // The odd spacing tells an edit in place from a document that is printed anew.
  it.each<[string, string, FieldEdit, string]>([
    ['adds behind a last line without an end', 'a:   1 # x', { op: 'set', path: ['b'], value: 2 }, 'a:   1 # x\nb: 2'],
    [
      'adds to a list without an end',
      'a:   1\nb:\n- x',
      { op: 'append', path: ['b'], value: 'y' },
      'a:   1\nb:\n- x\n- "y"',
    ],
    ['removes a last line without an end', 'a:   1\nb: 2', { op: 'remove', path: ['b'] }, 'a:   1'],
    ['removes the first line', 'a: 1\nb:   2\n', { op: 'remove', path: ['a'] }, 'b:   2\n'],
    [
      'removes the first item',
      'a:   1\nb:\n  - x: 1\n    y: 2\n  - z\n',
      { op: 'remove', path: ['b', 0] },
      'a:   1\nb:\n  - z\n',
    ],
    [
      'removes the first pair of an item',
      'a:   1\nb:\n  - x: 1\n    y: 2\n',
      { op: 'remove', path: ['b', 0, 'x'] },
      'a:   1\nb:\n  - y: 2\n',
    ],
    [
      'removes an only item with its list',
      'a:   1\nb:\n  c:\n    - x\n  d:   1\n',
      { op: 'remove', path: ['b', 'c', 0] },
      'a:   1\nb:\n  d:   1\n',
    ],
    [
      'removes parents that would be empty, but not the first',
      'b:\n  c:\n    d: 1\na:   1\n',
      { op: 'remove', path: ['b', 'c', 'd'] },
      'b: {}\na: 1\n',
    ],
    ['removes a value of many lines', 'a: |\n  x\n\n  y\nb:   1\n', { op: 'remove', path: ['a'] }, 'b:   1\n'],
    [
      'keeps the comment above what follows',
      'a: 1\n# of b\nb:   1\n',
      { op: 'remove', path: ['a'] },
      '# of b\nb:   1\n',
    ],
    ['changes nothing for what is not there', 'a:   1\n', { op: 'remove', path: ['b', 'c'] }, 'a:   1\n'],
    ['renames nothing that is not there', 'a:   1\n', { op: 'rename', path: ['b'], to: 'c' }, 'a:   1\n'],
    ['renames below a key that is not there', 'a:   1\n', { op: 'rename', path: ['b', 'c'], to: 'd' }, 'a:   1\n'],
    ['renames at the top', 'a:   1\n', { op: 'rename', path: ['a'], to: 'b' }, 'b:   1\n'],
    [
      'renames in a flow map',
      'a:   {b: 1,   c: 2}\n',
      { op: 'rename', path: ['a', 'b'], to: 'd' },
      'a:   {d: 1,   c: 2}\n',
    ],
    ['sets in a flow map', 'a:   {b: 1,   c: 2}\n', { op: 'set', path: ['a', 'b'], value: 3 }, 'a:   {b: 3,   c: 2}\n'],
    ['adds to a flow map', 'a: {b: 1}\n', { op: 'set', path: ['a', 'c'], value: 2 }, 'a: {b: 1, c: 2}\n'],
    [
      'adds to a flow map with spaces',
      'a: { b: 1 }\n',
      { op: 'set', path: ['a', 'c'], value: 2 },
      'a: { b: 1, c: 2 }\n',
    ],
    ['adds to a flow list', 'a: [1]\n', { op: 'append', path: ['a'], value: 2 }, 'a: [1, 2]\n'],
    ['removes from a flow map', 'a: {b: 1, c: 2}\n', { op: 'remove', path: ['a', 'c'] }, 'a: {b: 1}\n'],
    ['makes a list', 'a:   1\n', { op: 'append', path: ['b', 'c'], value: 'x' }, 'a:   1\nb:\n  c:\n    - x\n'],
    ['makes a list of what is none', 'a: 1\nb: x\n', { op: 'append', path: ['b'], value: 'y' }, 'a: 1\nb:\n  - "y"\n'],
    ['fills an empty list', 'a: []\nb: 1\n', { op: 'append', path: ['a'], value: 'y' }, 'a: ["y"]\nb: 1\n'],
    ['fills an empty map', 'a: {}\n', { op: 'set', path: ['a', 'b'], value: 1 }, 'a: { b: 1 }\n'],
    [
      'fills an empty map as others are',
      'a: {}\nc: {d: 1}\n',
      { op: 'set', path: ['a', 'b'], value: 1 },
      'a: {b: 1}\nc: {d: 1}\n',
    ],
    [
      'sets below a key without a value',
      'metadata:\n  labels:\nspec: 1\n',
      { op: 'set', path: ['metadata', 'labels', 'a'], value: 'b' },
      'metadata:\n  labels:\n    a: b\nspec: 1\n',
    ],
    [
      'sets below the only key, which has no value',
      'metadata:\n',
      { op: 'set', path: ['metadata', 'labels', 'a'], value: 'b' },
      'metadata:\n  labels:\n    a: b\n',
    ],
    [
      'puts a map in the place of a string',
      'a: x\nb:   1\n',
      { op: 'set', path: ['a'], value: { c: 1 } },
      'a:\n  c: 1\nb: 1\n',
    ],
    [
      'puts a string in the place of a map',
      'a:\n  c: 1\nb: 1\n',
      { op: 'set', path: ['a'], value: 'x' },
      'a: x\nb: 1\n',
    ],
    ['sets the last of two equal keys', 'a:   1\na:   2\n', { op: 'set', path: ['a'], value: 3 }, 'a:   1\na:   3\n'],
    ['removes both of two equal keys', 'a: 1\na: 2\nb: 3\n', { op: 'remove', path: ['a'] }, 'b: 3\n'],
    [
      'adds in the indentation of the author',
      'a:\n    b:   1\n',
      { op: 'set', path: ['a', 'c', 'd'], value: 2 },
      'a:\n    b:   1\n    c:\n      d: 2\n',
    ],
    [
      'adds behind comments and empty lines of the end',
      'a:\n  b:   1\n\n# end\n',
      { op: 'set', path: ['a', 'c'], value: 2 },
      'a:\n  b:   1\n  c: 2\n\n# end\n',
    ],
    [
      'edits what stands behind a directive',
      '%YAML 1.2\n---\na:   1\n',
      { op: 'set', path: ['b'], value: 2 },
      '%YAML 1.2\n---\na:   1\nb: 2\n',
    ],
  ])('%s', (_, before, edit, after) => {
    expect(editText(before, edit)).toBe(after);
  });

  it.each([
    ['true', '"true"'],
    ['No', '"No"'],
    ['off', '"off"'],
    ['~', '"~"'],
    ['', '""'],
    ['1.5', '"1.5"'],
    ['-x', '-x'],
    ['+1', '"+1"'],
    ['.5', '".5"'],
    ['truely', 'truely'],
    ['not true', 'not true'],
    ['web: 1', '"web: 1"'],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['a '.repeat(100).trim(), 'a '.repeat(100).trim()],
    [true, 'true'],
    [8080, '8080'],
  ])('writes %j as %s', (value, text) => {
    expect(editText('a:   x # b\n', { op: 'set', path: ['a'], value })).toBe(`a:   ${text} # b\n`);
  });

  it('prints anew in the style of the author', () => {
    const flow = (yaml: string) => editText(yaml, { op: 'set', path: ['m', 'x'], value: 1 });
    expect(flow('m: {a: 1}\nl:\n- a\n')).toBe('m: {a: 1, x: 1}\nl:\n- a\n');
    expect(flow('m: {a: 1}\nl:\n  - a\n')).toBe('m: {a: 1, x: 1}\nl:\n  - a\n');
    expect(flow('m: {a: 1}\nd:\n    e:\n        f: 1\n')).toBe('m: {a: 1, x: 1}\nd:\n    e:\n        f: 1\n');
    expect(flow(`m: {a: 1}\nt: ${'a '.repeat(100)}b\n`)).toBe(`m: {a: 1, x: 1}\nt: ${'a '.repeat(100)}b\n`);
  });

  it('edits flow collections, with the comments', () => {
    const edited = editText(text, { op: 'set', path: ['metadata', 'labels', 'new'], value: 'yes' });
    expect(parse(edited).metadata.labels).toEqual({ app: 'web', tier: 'front', new: 'yes' });
    expect(edited.split('\n').filter((line) => !text.split('\n').includes(line))).toHaveLength(1);
    expect(edited).toContain('  labels: {app: web, tier: front, new: "yes"}');
  });

  it('keeps comments below a key without a value', () => {
    const yaml = 'metadata:\n  annotations:\n    # owner: shop\n  name: web\n';
    const edit = { op: 'set', path: ['metadata', 'annotations', 'a'], value: 'b' } as const;
    expect(editText(yaml, edit)).toBe(yaml.replace('shop\n', 'shop\n    a: b\n'));
    expect(editText('metadata:\n  annotations: # owner\n', edit)).toBe('metadata:\n  annotations: # owner\n    a: b\n');
    expect(editText('metadata:\n  annotations:', edit)).toBe('metadata:\n  annotations:\n    a: b');
    expect(editText('metadata:\n  annotations: ~ # owner\n  name: web\n', edit)).toBe(
      'metadata:\n  annotations: # owner\n    a: b\n  name: web\n',
    );
  });

  it('keeps the ends of lines', () => {
    const yaml = 'a:   1\r\nb: |\r\n  x\r\n  y\r\n';
    expect(editText(yaml, { op: 'set', path: ['c', 'd'], value: 2 })).toBe(`${yaml}c:\r\n  d: 2\r\n`);
    expect(editText(yaml, { op: 'remove', path: ['a'] })).toBe(yaml.replace('a:   1\r\n', ''));
    expect(editText('{"a": 1}\r\n', { op: 'set', path: ['b'], value: 2 })).toBe('{"a": 1, "b": 2}\r\n');
  });

  it('writes a text of several lines where the old one stood', () => {
    const yaml = 'data: # about\n  a.conf: |- # of a\n     x {\n\n       y;\n     }\n\n  # about b\n  b:   1\n';
    expect(editText(yaml, { op: 'set', path: ['data', 'a.conf'], value: 'x {\n\n  y;\n  z;\n}' })).toBe(
      yaml.replace('y;\n', 'y;\n       z;\n'),
    );
    const kept = 'a: |\n  x\nb:   1\n';
    expect(editText(kept, { op: 'set', path: ['a'], value: 'y\nz\n' })).toBe('a: |\n  y\n  z\nb:   1\n');
  });

  it('leaves JSON JSON', () => {
    const json = '{\n\t"metadata": {\n\t\t"name": "web"\n\t}\n}\n';
    const edited = editText(json, { op: 'set', path: ['metadata', 'labels', 'app'], value: 'web' });
    expect(JSON.parse(edited)).toEqual({ metadata: { name: 'web', labels: { app: 'web' } } });
    expect(edited).toContain('\n\t"metadata"');
    const set = { op: 'set', path: ['b'], value: 2 } as const;
    expect(editText('{"a": 1}', set)).toBe('{"a": 1, "b": 2}');
    expect(editText('{"a":1}\n', set)).toBe('{"a":1,"b":2}\n');
    expect(editText('{"a": {}}\n', { ...set, path: ['a', 'b'] })).toBe('{"a": {"b": 2}}\n');
    expect(editText('{"a":{}}', { ...set, path: ['a', 'b', 'c'] })).toBe('{"a":{"b":{"c":2}}}');
    expect(editText('{"a": [1, 2]}', { op: 'append', path: ['a'], value: { b: 'x' } })).toBe(
      '{"a": [1, 2, {"b": "x"}]}',
    );
    expect(editText('{"a": [\n  1\n]}', { op: 'append', path: ['a'], value: 2 })).toBe('{"a": [\n  1,\n  2\n]}');
    expect(editText('{"a": [1, 2, 3]}', { op: 'remove', path: ['a', 1] })).toBe('{"a": [1, 3]}');
    expect(editText('{"a": [1, 2, 3]}', { op: 'remove', path: ['a', 0] })).toBe('{"a": [2, 3]}');
    expect(editText('{"a": {"b": 1}, "c": 2}', { op: 'remove', path: ['a', 'b'] })).toBe('{"a": {}, "c": 2}');
    expect(editText('{"a": "x", "b": 1}', { ...set, path: ['a'], value: 'y"' })).toBe('{"a": "y\\"", "b": 1}');
    expect(editText('{"a": 1}', { op: 'rename', path: ['a'], to: 'b' })).toBe('{"b": 1}');
    expect(editText('{\n    "a": 1\n}\n', set)).toBe('{\n    "a": 1,\n    "b": 2\n}\n');
    expect(editText(' {"a": 1}', set)).toBe(' {"a": 1, "b": 2}');
    expect(editText('{a: 1}\n', set)).toBe('{a: 1, b: 2}\n');
  });

  it.each<[string, string, FieldEdit, string]>([
    ['replaces an alias', 'a: &x 1\nb: *x\n', { op: 'set', path: ['b'], value: 2 }, 'a: &x 1\nb: 2\n'],
    [
      'overrides a value that a merge key gives',
      'a: &x\n  k: 1\nb:\n  <<: *x\n  own: 1\n',
      { op: 'set', path: ['b', 'k'], value: 2 },
      'a: &x\n  k: 1\nb:\n  <<: *x\n  own: 1\n  k: 2\n',
    ],
    [
      'leaves alone what is not there',
      'a: &x\n  k: 1\nb: *x\n',
      { op: 'remove', path: ['b', 'z'] },
      'a: &x\n  k: 1\nb: *x\n',
    ],
  ])('aliases: %s', (_, before, edit, after) => {
    expect(editText(before, edit)).toBe(after);
  });

  const shared = 'a: &x\n  k: 1\n  l: [1]\nb: *x\n';
  it.each<[string, FieldEdit, string]>([
    ['a new key', { op: 'set', path: ['m', 'p'], value: 2 }, shared.replace('[1]\n', '[1]\n  m:\n    p: 2\n')],
    ['a value', { op: 'set', path: ['k'], value: 2 }, shared.replace('k: 1', 'k: 2')],
    ['an item', { op: 'append', path: ['l'], value: 2 }, shared.replace('[1]', '[1, 2]')],
    ['a key that goes', { op: 'remove', path: ['k'] }, shared.replace('  k: 1\n', '')],
    ['another name', { op: 'rename', path: ['k'], to: 'kk' }, shared.replace('k: 1', 'kk: 1')],
  ])('what an alias shares is changed for both or not at all: %s', (_, edit, after) => {
    const of = (key: string): Change => {
      return { object: { root: [] } as unknown as KubeObject, edit: { ...edit, path: [key, ...edit.path] } };
    };
    expect(editDocument(shared, [of('b')]).fault).toMatch(/^something else would change with it/);
    expect(editDocument(shared, [of('a')]).fault).toMatch(/^something else would change with it/);
    expect(editDocument(shared, [of('a'), of('b')]).text).toBe(after);
  });

  it('says what it was told, whatever the document', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const key = fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.constantFrom('__proto__', 'constructor', 'toString'));
    const map = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)), { minKeys: 1 });
    fc.assert(
      fc.property(map, key, fc.option(key), leaf, fc.boolean(), (data, outer, inner, value, flow) => {
        const yaml = stringify(data, { schema: 'yaml-1.1', ...(flow ? { collectionStyle: 'flow' } : {}) });
        const before = Object.getOwnPropertyDescriptor(data, outer)?.value;
        // A scalar has no keys: what is set below one is left to the parser's own error.
        fc.pre(inner === null || before === undefined || typeof before === 'object');
        const path = inner === null ? [outer] : [outer, inner];
        const edited = editText(yaml, { op: 'set', path, value });
        const wanted = inner === null ? value : withKey(before ?? {}, inner, value);
        expect(parseDocument(edited).tree?.toJS()).toEqual(withKey(data, outer, wanted));
      }),
    );
  });
});

function withKey(map: object, key: string, value: unknown): object {
  return Object.fromEntries([...Object.entries(map), [key, value]]);
}
