import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { editText } from '../../../../src/check/edit/edit-text.ts';
import type { Operation } from '../../../../src/check/edit/operation.ts';
import type { Path } from '../../../../src/check/read/values.ts';

const key = fc.stringMatching(/^[a-z]{1,3}(?:\/[a-z])?$/);
const leaf = fc.oneof(fc.constantFrom('x', 'a b', 'yes', '80', '- x', '#', 'a: b'), fc.integer(), fc.boolean());
const tree = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, leaf, tie('map'), tie('list')),
  map: fc.dictionary(key, tie('any'), { minKeys: 1, maxKeys: 4 }),
  list: fc.array(tie('any'), { minKeys: 1, minLength: 1, maxLength: 3 } as object),
}));
/** One document, as authors of several habits write it. */
const document = fc.record({
  data: tree.map as fc.Arbitrary<Record<string, unknown>>,
  style: fc.constantFrom<object>(
    {},
    { indentSeq: false },
    { indent: 4 },
    { collectionStyle: 'flow' },
    { collectionStyle: 'flow', flowCollectionPadding: false },
  ),
  form: fc.constantFrom('yaml', 'json', 'spread json', 'crlf', 'no last newline'),
});

function write({ data, style, form }: { data: unknown; style: object; form: string }): string {
  if (form === 'json') return JSON.stringify(data);
  if (form === 'spread json') return `${JSON.stringify(data, null, 2)}\n`;
  const text = stringify(data, { schema: 'yaml-1.1', lineWidth: 0, ...style });
  return form === 'crlf' ? text.replaceAll('\n', '\r\n') : form === 'yaml' ? text : text.trimEnd();
}

/** The ways to all maps of a value. */
function mapsIn(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => mapsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return [path, ...Object.entries(value).flatMap(([name, item]) => mapsIn(item, [...path, name]))];
}

describe('an edit and its opposite give every byte back', () => {
  const roundTrip = (of: (path: Path) => [Operation, Operation]) =>
    fc.property(document, fc.nat(), (one, at) => {
      const text = write(one);
      const maps = mapsIn(one.data);
      const [there, back] = of(maps[at % maps.length] ?? []);
      const edited = editText(text, [there]);
      // A list in a list has no place that anybody would choose.
      fc.pre(edited !== undefined);
      expect(edited).not.toBe(text);
      expect(editText(edited, [back])).toBe(text);
    });

  it.each<[string, unknown]>([
    ['a word', 'word'],
    ['a text that needs quotes', 'yes: no'],
    ['a map', { a: { b: [1, { c: 'd' }] } }],
    ['a list', [{ name: 'a', value: '1' }, 'b']],
  ])('a new key with %s', (_, value) => {
    fc.assert(
      roundTrip((path) => [
        { op: 'set', path: [...path, 'added'], value },
        { op: 'remove', path: [...path, 'added'] },
      ]),
    );
  });

  it('a first key', () => {
    fc.assert(
      roundTrip((path) => [
        { op: 'set', path: [...path, 'added'], value: 1, after: [] },
        { op: 'remove', path: [...path, 'added'] },
      ]),
    );
  });

  it('another name', () => {
    const text = '# of a\na: &x {b: 1} # c\n"d e":   [ 1 ]\n';
    for (const [from, to] of [
      ['a', 'f'],
      ['d e', 'g'],
    ] as const) {
      const edited = editText(text, [{ op: 'rename', path: [from], to }]) ?? '';
      expect(edited).toContain(to);
      expect(editText(edited, [{ op: 'rename', path: [to], to: from }])).toBe(text);
    }
  });

  it.each([
    ['a:\n- b\n# of c\n- c\n', 1],
    ['a:\n  - b\n  - c\n', 2],
    ['a: [b, c]\n', 0],
    ['a: [ b, c ] # d\n', 1],
    ['{"a":["b","c"]}', 2],
    ["a:\r\n- 'b'\r\n- 'c'\r\n", 0],
  ])('items of a list: %j at %i', (text, index) => {
    const edited = editText(text, [{ op: 'splice', path: ['a'], index, count: 0, items: ['x y', 'z'] }]) ?? '';
    expect(edited).not.toBe(text);
    expect(editText(edited, [{ op: 'splice', path: ['a'], index, count: 2, items: [] }])).toBe(text);
  });
});

describe('what cannot be done in place is refused', () => {
  it.each<[string, string, Operation]>([
    ['a value that others share', 'a: &x {b: 1}\nc: *x\n', { op: 'set', path: ['c', 'b'], value: 2 }],
    ['no YAML', 'a: [\n', { op: 'set', path: ['b'], value: 2 }],
    ['a key of a list', 'a: [1]\n', { op: 'set', path: ['a', 'b'], value: 2 }],
    ['a map in the place of a text', 'a: x\n', { op: 'set', path: ['a'], value: { b: 1 } }],
    ['a list in a list', 'a:\n- - b\n', { op: 'splice', path: ['a', 0], index: 0, count: 1, items: ['c'] }],
    ['items that are not there', 'a: [b]\n', { op: 'splice', path: ['a'], index: 0, count: 2, items: [] }],
    ['a key that is not there', 'a: 1\n', { op: 'remove', path: ['b'] }],
  ])('%s', (_, text, operation) => {
    expect(editText(text, [operation])).toBeUndefined();
  });

  it('two edits of one place', () => {
    const twice = ['x', 'y'].map((value): Operation => ({ op: 'set', path: ['a'], value }));
    expect(editText('a: b\n', twice)).toBeUndefined();
  });
});
