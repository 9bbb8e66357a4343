import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonPathScanner } from '../../../../src/mesh/ask/json-path-scanner.ts';
import { anyOrder, pieces } from '../../../helpers/json-documents.ts';

const wanted = ['state', 'node/id', 'node/metadata/PORT'];

function scan(texts: readonly string[]) {
  const scanner = createJsonPathScanner(wanted, 'node/metadata');
  for (const text of texts) scanner.push(text);
  return { found: Object.fromEntries(scanner.found), closed: scanner.closed };
}

describe('finds', () => {
  it.each([
    ['a string', '{"state":"LIVE"}', { state: 'LIVE' }],
    [
      'a number, a boolean, a null',
      '{"state":-1.5e3,"node":{"id":true,"metadata":{"PORT":null}}}',
      { state: -1500, 'node/id': true, 'node/metadata/PORT': null },
    ],
    ['escaped keys and values', '{"st\\u0061te":"\\"LI\\\\\\u0056E"}', { state: '"LI\\VE' }],
    [
      'keys with blanks around',
      ' {\n\t"state" :\r\n"LIVE" , "node" : { "id" : 1 } } ',
      { state: 'LIVE', 'node/id': 1 },
    ],
    ['the first of duplicate keys', '{"state":"INITIALIZING","state":"LIVE"}', { state: 'INITIALIZING' }],
    ['what comes behind arrays and objects', '{"a":[[{"b":[]}]],"c":{"d":{}},"state":1}', { state: 1 }],
  ])('%s', (_, text, found) => {
    expect(scan([text]).found).toEqual(found);
    expect(scan([...text]).found).toEqual(found);
  });
});

describe('never takes for a wanted value', () => {
  it.each([
    ['a value deeper down', '{"labels":{"state":"LIVE"}}'],
    ['a value inside an array', '[{"state":"LIVE"}]'],
    ['a value inside a nested array', '{"node":[{"id":"x"}]}'],
    ['a text that looks like the document', '{"a":"{\\"state\\":\\"LIVE\\"}"}'],
    ['a key that spells a path', '{"node/id":"x","node/metadata":{"PORT":1}}'],
    ['what an empty key hides', '{"":{"state":"LIVE"}}'],
    ['what several empty keys hide', '{"":{"":{"state":"LIVE"}},"node":{"":{"id":1}}}'],
    ['a container', '{"state":{"state":"LIVE"}}'],
    ['an array', '{"state":["LIVE"]}'],
    ['what follows the document', '{"a":1}{"state":"LIVE"}'],
    ['what follows garbage', '{"a":nonsense,"state":"LIVE"}'],
    ['what follows a wrong bracket', '{"a":[1},"state":"LIVE"}'],
    ['half a value', '{"state":"LIV'],
    ['half a number', '{"state":12'],
    ['a value too deep to be followed', `{"a":${'['.repeat(50)}${']'.repeat(50)},"state":"LIVE"}`],
  ])('%s', (_, text) => {
    expect(scan([text]).found).toEqual({});
    expect(scan([...text]).found).toEqual({});
  });
});

it('tells the end of the watched object, and of no other', () => {
  expect(scan(['{"node":{"metadata":{"a":{}']).closed).toBe(false);
  expect(scan(['{"metadata":{},"node":{"x":{"metadata":{}}']).closed).toBe(false);
  expect(scan(['{"node":{"metadata":{"a":{}}']).closed).toBe(true);
});

const key = fc.constantFrom('state', 'node', 'id', 'metadata', 'PORT', '', 'node/id', 'a', '__proto__', '"\\');
const { document } = fc.letrec<{ document: unknown; value: unknown }>((tie) => ({
  document: fc.dictionary(key, tie('value')),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>('LIVE', 1, -0.5, true, null, '}]{"state":', 'ü€😀\u0000'),
    fc.string(),
    tie('document'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));

it('agrees with JSON.parse, whatever the order of the keys and the pieces', () => {
  const at = (value: unknown, path: string): unknown =>
    path.split('/').reduce<unknown>((parent, name) => {
      const isObject = typeof parent === 'object' && parent !== null && !Array.isArray(parent);
      return isObject && Object.hasOwn(parent, name) ? (parent as Record<string, unknown>)[name] : undefined;
    }, value);
  fc.assert(
    fc.property(document, fc.nat(2), fc.infiniteStream(fc.nat(5)), pieces, (value, indent, ranks, cuts) => {
      const text = JSON.stringify(anyOrder(value, ranks), undefined, indent);
      const parsed: unknown = JSON.parse(text);
      const expected = Object.fromEntries(
        wanted
          .map((path) => [path, at(parsed, path)])
          .filter(([, found]) => (found !== undefined && typeof found !== 'object') || found === null),
      );
      expect(scan(cuts(text)).found).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

it('leaves a token without end to others, instead of looking for its end with each piece', () => {
  const long = 'x'.repeat(100_000);
  expect(scan([`{"a":"${long}`, '","state":"LIVE"}']).found).toEqual({});
  expect(scan([`{"a":"${long}","state":"LIVE"}`]).found).toEqual({ state: 'LIVE' });
});

it('never throws, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', '-', ' ') })),
      (texts) => {
        scan(texts);
      },
    ),
    { numRuns: 2_000 },
  );
});
