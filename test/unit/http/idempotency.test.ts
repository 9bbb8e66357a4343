import { describe, expect, test } from 'vitest';
import { isIdempotent } from '../../../src/http/idempotency.ts';

const key = 'idempotency-key';

test.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY', 'get', 'Put'])('%s is idempotent', (method) => {
  expect(isIdempotent({ method }, key)).toBe(true);
});

test.each(['POST', 'PATCH', 'CONNECT', 'LOCK', ''])('%s is not', (method) => {
  expect(isIdempotent({ method, headers: {} }, key)).toBe(false);
  expect(isIdempotent({ method, headers: null }, key)).toBe(false);
});

describe('a key', () => {
  const post = (headers: Record<string, string>) => ({ method: 'POST', headers });

  test('makes a POST idempotent, whatever the case of the header and of the option', () => {
    expect(isIdempotent(post({ 'Idempotency-Key': 'a' }), key)).toBe(true);
    expect(isIdempotent(post({ 'x-request-key': 'a' }), 'X-Request-Key')).toBe(true);
  });

  test('does not when it is empty, another one, or not asked for', () => {
    expect(isIdempotent(post({ [key]: '' }), key)).toBe(false);
    expect(isIdempotent(post({ [key]: 'a' }), 'x-request-key')).toBe(false);
    expect(isIdempotent(post({ [key]: 'a' }), false)).toBe(false);
  });
});

test("the caller's word counts before method and key", () => {
  expect(isIdempotent({ method: 'POST', idempotent: true }, key)).toBe(true);
  expect(isIdempotent({ method: 'GET', headers: { [key]: 'a' }, idempotent: false }, key)).toBe(false);
  for (const idempotent of [null, undefined]) expect(isIdempotent({ method: 'GET', idempotent }, key)).toBe(true);
});
