import { describe, expect, test, vi } from 'vitest';
import { retryDelay } from '../../../src/http/retry-delay.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

const drawn = (random: number, ...given: Parameters<typeof retryDelay>) => {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  return retryDelay(...given);
};
const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const grpc = (told: Record<string, string>) => ({ code: 14, details: 'busy', metadata: { getMap: () => told } });

describe('full jitter where nothing is said', () => {
  test.each([
    ['an error', reset],
    ['a reply', { status: 503, headers: {} }],
    ['gRPC', grpc({})],
    ['nothing at all', undefined],
  ])('%s', (_, failure) => {
    expect([1, 2, 3, 4, 5, 60].map((retry) => drawn(1, failure, retry))).toEqual([250, 500, 1000, 2000, 2000, 2000]);
    expect(drawn(0, failure, 3)).toBe(0);
    expect(drawn(1, failure)).toBe(250);
  });

  test('with bounds of the own', () => {
    expect(drawn(1, reset, 9, { backoffBaseMs: 10, backoffCapMs: 40 })).toBe(40);
  });
});

describe('as long as the reply says, and a quarter of a second more at most', () => {
  test.each([
    ['fetch', { status: 429, headers: new Headers({ 'retry-after': '2' }) }, 2_000],
    ['two lines', { status: 429, headers: { 'retry-after': ['2', '3'] } }, 3_000],
    ['got', { response: { statusCode: 503, headers: { 'retry-after': '2' } } }, 2_000],
    ['axios', { response: { status: 429, headers: { 'retry-after': '2' } } }, 2_000],
    ['gRPC', grpc({ 'retry-after': '2' }), 2_000],
    ["gRPC's own word, before the other", grpc({ 'retry-after': '2', 'grpc-retry-pushback-ms': '30' }), 30],
  ])('%s', (_, failure, least) => {
    expect(drawn(0, failure, 7)).toBe(least);
    expect(drawn(1, failure, 7)).toBe(least + 250);
  });

  test('a date', () => {
    const headers = { 'retry-after': new Date(Date.now() + 10_000).toUTCString() };
    expect(drawn(0, { status: 429, headers })).toBeGreaterThan(8_000);
  });

  test('no longer than a timer can wait', () => {
    expect(retryDelay({ status: 429, headers: { 'retry-after': '99999999999' } })).toBe(2 ** 31 - 1);
  });
});

test.each([[0], [1.5], [-1], ['2']])('%s is no number of a retry', (retry) => {
  expect(() => retryDelay(reset, retry as number)).toThrow(MeshOptionError);
});

test('a wrong option is refused', () => {
  expect(() => retryDelay(reset, 1, { backoffBaseMs: -1 })).toThrow(/retryDelay: backoffBaseMs must be/);
});
