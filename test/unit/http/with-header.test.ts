import { describe, expect, test } from 'vitest';
import { withHeader } from '../../../src/http/with-header.ts';

const request = (headers: unknown) => ({ path: '/', method: 'PUT' as const, headers: headers as never });
const added = (headers: unknown) => withHeader(request(headers), 'content-type', 'text/x').headers;

describe('a header that the caller has not set is added', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, []],
    ['null', null, []],
    ['a flat list', ['a', '1', 'b', '2'], ['a', '1', 'b', '2']],
    ['an empty list', [], []],
    [
      'pairs',
      [
        ['a', '1'],
        ['b', ['2', '3']],
      ],
      ['a', '1', 'b', '2', 'b', '3'],
    ],
    ['a Map', new Map([['a', '1']]), ['a', '1']],
    ['a Headers', new Headers({ a: '1' }), ['a', '1']],
    ['a plain object', { a: '1', b: ['2', '3'], c: undefined, d: 4 }, ['a', '1', 'b', '2', 'b', '3', 'd', '4']],
  ])('to %s', (_, headers, flat) => {
    expect(added(headers)).toEqual([...flat, 'content-type', 'text/x']);
  });
});

test.each<[string, unknown]>([
  ['a flat list', ['Content-Type', 'mine']],
  ['pairs', [['content-type', 'mine']]],
  ['a Headers', new Headers({ 'content-type': 'mine' })],
  ['a plain object', { 'Content-Type': 'mine' }],
])("the caller's own stays: %s", (_, headers) => {
  const given = request(headers);
  expect(withHeader(given, 'content-type', 'text/x')).toBe(given);
});

test('the rest of the request is as it was, and the given one unchanged', () => {
  const given = { ...request({ a: '1' }), body: 'x' };
  expect(withHeader(given, 'b', '2')).toEqual({ path: '/', method: 'PUT', body: 'x', headers: ['a', '1', 'b', '2'] });
  expect(given.headers).toEqual({ a: '1' });
});
