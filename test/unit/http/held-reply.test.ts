import { describe, expect, test } from 'vitest';
import { hasShortBody, heldBodyLimit, isSuspect } from '../../../src/http/held-reply.ts';
import { retrySettings } from '../../../src/http/options.ts';

const returning = retrySettings();
const throwing = retrySettings({ failedReplies: 'throw' });
const own = { server: 'envoy' };
const relayed = { ...own, 'x-envoy-upstream-service-time': '3' };

describe('which replies are looked at before the caller sees them', () => {
  test.each([
    [200, own, false, false],
    [399, own, false, false],
    [400, own, false, true],
    [404, own, false, true],
    [404, relayed, false, false],
    [404, {}, false, false],
    [503, {}, true, true],
    [503, relayed, true, true],
  ])('%i %j', (status, headers, whenReturned, whenThrown) => {
    expect(isSuspect(status, headers, returning)).toBe(whenReturned);
    expect(isSuspect(status, headers, throwing)).toBe(whenThrown);
  });

  test('the statuses are those of the option', () => {
    const settings = retrySettings({ retryStatuses: [404] });
    expect([404, 503].map((status) => isSuspect(status, {}, settings))).toEqual([true, false]);
  });
});

describe('which bodies are short enough to be held back', () => {
  test.each([
    ['GET', { 'content-length': '0' }, true],
    ['GET', { 'content-length': String(heldBodyLimit) }, true],
    ['GET', { 'content-length': String(heldBodyLimit + 1) }, false],
    ['GET', {}, false],
    ['GET', { 'content-length': 'many' }, false],
    ['HEAD', { 'content-length': '0' }, false],
  ])('%s %j: %s', (method, headers, short) => {
    expect(hasShortBody(method, headers)).toBe(short);
  });

  test("Envoy's own are", () => {
    expect(heldBodyLimit).toBe(4096);
  });
});
