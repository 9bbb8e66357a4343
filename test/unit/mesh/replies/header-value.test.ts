import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HttpHeaders, headerValue } from '../../../../src/mesh/replies/header-value.ts';

type Pairs = readonly (readonly [string, string])[];

/** One set of headers in every form that it can come in. */
const forms: Record<string, (pairs: Pairs) => HttpHeaders> = {
  'a plain object': (pairs) => Object.fromEntries(pairs),
  'an object without a prototype': (pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs)),
  'a Headers': (pairs) => new Headers(pairs.map((pair) => [...pair] as [string, string])),
  'a Map': (pairs) => new Map(pairs),
  pairs: (pairs) => pairs,
  'a generator of pairs': (pairs) => pairs.values(),
  'a flat list': (pairs) => pairs.flat(),
};

describe.each(Object.entries(forms))('%s', (_, form) => {
  test.each(['retry-after', 'Retry-After', 'RETRY-AFTER'])('finds %s', (name) => {
    const pairs = [
      ['a', '1'],
      [name, '5'],
      ['x-retry-after', '7'],
      ['z', '9'],
    ] as const;
    expect(headerValue(form(pairs), 'retry-after')).toBe('5');
    expect(headerValue(form(pairs.toReversed()), 'retry-after')).toBe('5');
  });

  test('a header that is not there', () => {
    // As long as one that is there, a part of one, and what every object has.
    for (const name of ['server', 'retry', 'constructor', 'get', 'size']) {
      expect(
        headerValue(
          form([
            ['reader', '5'],
            ['retry-after', '5'],
          ]),
          name,
        ),
      ).toBeUndefined();
    }
    expect(headerValue(form([]), 'server')).toBeUndefined();
  });

  test('an empty value is a value', () => {
    expect(headerValue(form([['server', '']]), 'server')).toBe('');
  });

  test('gives back every header, whatever the names', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, (all) => {
        for (const name of all) {
          expect(headerValue(form(all.map((one) => [one.toUpperCase(), `of ${one}`])), name)).toBe(`of ${name}`);
        }
      }),
      { numRuns: 20 },
    );
  });
});

test.each<[string, HttpHeaders]>([
  ['an array as the value', { 'retry-after': ['2', '9'] }],
  ['an array as the value, in pairs', [['retry-after', ['2', '9']]]],
  ['names that differ in case', { 'Retry-After': '2', 'retry-after': '9' }],
  [
    'pairs',
    [
      ['retry-after', '2'],
      ['Retry-After', '9'],
    ],
  ],
  ['a flat list', ['retry-after', '2', 'Retry-After', '9']],
  ['after one without a value', { 'Retry-After': undefined, 'retry-after': '2' }],
  [
    'after a pair without a value',
    [
      ['retry-after', undefined],
      ['retry-after', '2'],
    ],
  ],
  ['a list among the values of a flat list, as undici takes it', ['retry-after', ['2', '9'] as never]],
  ['a getter that gives an array, as that of axios', { get: () => ['2', '9'] }],
])('of several values the first: %s', (_, headers) => {
  expect(headerValue(headers, 'retry-after')).toBe('2');
});

test('a Headers joins them', () => {
  expect(
    headerValue(
      new Headers([
        ['via', 'a'],
        ['via', 'b'],
      ]),
      'via',
    ),
  ).toBe('a, b');
});

test.each<[unknown, string | undefined]>([
  [5, '5'],
  [0, '0'],
  [true, 'true'],
  [null, undefined],
  [undefined, undefined],
  [[], undefined],
  [[null], undefined],
  [[5], '5'],
])('the value %j is read as %j', (value, text) => {
  expect(headerValue({ server: value }, 'server')).toBe(text);
  expect(headerValue([['server', value]], 'server')).toBe(text);
  expect(headerValue({ get: () => value }, 'server')).toBe(text);
});

test('a header whose name is "get" is a header', () => {
  expect(headerValue({ get: 'x', server: 'envoy' }, 'server')).toBe('envoy');
});

test('a name without its value at the end of a flat list', () => {
  expect(headerValue(['a', '1', 'server'], 'server')).toBeUndefined();
});

test.each([undefined, null, 'server: envoy', 5])('%j has no headers', (headers) => {
  expect(headerValue(headers as never, 'server')).toBeUndefined();
});
