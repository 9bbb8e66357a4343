import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { editText } from '../../../../src/check/fix/edit-text.ts';

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

describe('editText', () => {
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

  it('edits flow collections, with the comments', () => {
    const edited = editText(text, { op: 'set', path: ['metadata', 'labels', 'new'], value: 'yes' });
    expect(parse(edited).metadata.labels).toEqual({ app: 'web', tier: 'front', new: 'yes' });
    expect(edited.split('\n').filter((line) => !text.split('\n').includes(line))).toHaveLength(1);
    expect(edited).toContain('  labels: {app: web, tier: front, new: yes}');
  });

  it('leaves JSON JSON', () => {
    const json = '{\n\t"metadata": {\n\t\t"name": "web"\n\t}\n}\n';
    const edited = editText(json, { op: 'set', path: ['metadata', 'labels', 'app'], value: 'web' });
    expect(JSON.parse(edited)).toEqual({ metadata: { name: 'web', labels: { app: 'web' } } });
    expect(edited).toContain('\n\t"metadata"');
  });

  it('says what it was told, whatever the document', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const key = fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.constantFrom('__proto__', 'constructor', 'toString'));
    const map = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)), { minKeys: 1 });
    fc.assert(
      fc.property(map, key, fc.option(key), leaf, fc.boolean(), (data, outer, inner, value, flow) => {
        const yaml = stringify(data, flow ? { collectionStyle: 'flow' } : {});
        const before = Object.getOwnPropertyDescriptor(data, outer)?.value;
        // A scalar has no keys: what is set below one is left to the parser's own error.
        fc.pre(inner === null || before === undefined || typeof before === 'object');
        const path = inner === null ? [outer] : [outer, inner];
        const edited = editText(yaml, { op: 'set', path, value });
        const wanted = inner === null ? value : withKey(before ?? {}, inner, value);
        expect(parse(edited)).toEqual(withKey(data, outer, wanted));
      }),
    );
  });
});

function withKey(map: object, key: string, value: unknown): object {
  return Object.fromEntries([...Object.entries(map), [key, value]]);
}
