import { describe, expect, test } from 'vitest';
import { isSafeToRetry } from '../../../src/http/safe-to-retry.ts';

const post = { method: 'POST', url: 'http://a/' };
const get = { method: 'get', url: 'http://a/' };
const error = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const ufReply = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
const uf = { status: 503, headers: { server: 'envoy' }, body: ufReply };

describe('errors', () => {
  test.each([
    ['refused', error('ECONNREFUSED', { syscall: 'connect' }), true],
    ['no DNS yet', error('EAI_AGAIN', { syscall: 'getaddrinfo' }), true],
    ['connect time-out', error('UND_ERR_CONNECT_TIMEOUT'), true],
    ['time-out of a connect', error('ETIMEDOUT', { syscall: 'connect' }), true],
    ['reset', error('ECONNRESET'), false],
    ['reset while reading', error('ECONNRESET', { syscall: 'read' }), false],
    ['not of the network', new TypeError('nonsense'), false],
    ['nothing', undefined, false],
    ['wrapped by fetch', new TypeError('fetch failed', { cause: error('ECONNREFUSED') }), true],
  ])('POST: %s', (_, failure, safe) => {
    expect(isSafeToRetry(failure, post)).toBe(safe);
  });

  test('a refused connection after a redirect says nothing of the POST before it', () => {
    const refused = error('ECONNREFUSED', { syscall: 'connect' });
    expect(isSafeToRetry(refused, { ...post, redirected: true })).toBe(false);
    expect(isSafeToRetry({ ...uf, redirected: true }, post)).toBe(false);
    expect(isSafeToRetry(Object.assign(refused, { request: { _redirectCount: 1 } }), post)).toBe(false);
    expect(isSafeToRetry(refused, { ...get, redirected: true })).toBe(true);
  });

  test.each([
    ['got', { code: 'ECONNRESET', response: { statusCode: 200, headers: {} } }],
    ['got, by the length', { code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH', response: { statusCode: 200, headers: {} } }],
    ['axios', { code: 'ECONNRESET', response: { status: 200, headers: {} } }],
    [
      'axios, at another moment',
      { code: 'ERR_BAD_RESPONSE', message: 'stream has been aborted', response: { status: 200, headers: {} } },
    ],
    [
      'axios 0.30',
      { code: 'ERR_BAD_RESPONSE', message: 'response stream aborted', response: { status: 200, headers: {} } },
    ],
  ])('a reply that was cut is a lost one, though its head is there: %s', (_, failure) => {
    expect(isSafeToRetry(failure, get)).toBe(true);
    expect(isSafeToRetry(failure, post)).toBe(false);
  });

  test('a reply that axios cannot use is no lost one', () => {
    const failure = { code: 'ERR_BAD_RESPONSE', message: 'maxContentLength size of 5 exceeded' };
    expect(isSafeToRetry({ ...failure, response: { status: 200, headers: {} } }, get)).toBe(false);
  });

  test('what is idempotent survives a reset', () => {
    expect(isSafeToRetry(error('ECONNRESET'), get)).toBe(true);
    expect(isSafeToRetry(error('ECONNRESET'), { ...post, idempotent: true })).toBe(true);
    expect(isSafeToRetry(error('ECONNRESET'), { ...post, headers: { 'Idempotency-Key': '1' } })).toBe(true);
  });
});

describe('replies', () => {
  test.each([
    ['as of fetch', { ...uf, headers: new Headers(uf.headers) }],
    ['as of got', { statusCode: 503, headers: uf.headers, body: ufReply }],
    ['as of axios', { response: { status: 503, headers: uf.headers, data: ufReply } }],
  ])('the own sidecar, %s', (_, failure) => {
    expect(isSafeToRetry(failure, post)).toBe(true);
    expect(isSafeToRetry(failure, { ...post, bodySent: false })).toBe(false);
    expect(isSafeToRetry(failure, { ...post, url: 'https://a/' })).toBe(false);
    expect(isSafeToRetry(failure, post, { trustSidecar: 'off' })).toBe(false);
  });

  test('in bytes', () => {
    const data = Buffer.from(ufReply);
    expect(isSafeToRetry({ response: { status: 503, headers: uf.headers, data } }, post)).toBe(true);
    const long = Buffer.concat([data, Buffer.alloc(4096)]);
    expect(isSafeToRetry({ response: { status: 503, headers: uf.headers, data: long } }, post)).toBe(false);
  });

  test('of an application', () => {
    expect(isSafeToRetry({ status: 503, headers: {} }, get)).toBe(true);
    expect(isSafeToRetry({ status: 503, headers: {} }, post)).toBe(false);
    expect(isSafeToRetry({ status: 500, headers: {} }, get)).toBe(false);
    expect(isSafeToRetry({ status: 200, headers: {} }, get)).toBe(false);
  });
});

describe('gRPC', () => {
  const metadata = { getMap: () => ({ server: 'envoy' }) };
  test('UNAVAILABLE by the own sidecar', () => {
    expect(isSafeToRetry({ code: 14, details: ufReply, metadata }, post)).toBe(true);
    expect(isSafeToRetry({ code: 14, details: ufReply, metadata: { getMap: () => ({}) } }, post)).toBe(false);
  });
  test('no connection', () => {
    const details = 'No connection established. Last error: connect ECONNREFUSED';
    expect(isSafeToRetry({ code: 14, details, metadata: { getMap: () => ({}) } }, post)).toBe(true);
    expect(isSafeToRetry({ code: 14, details: `14 UNAVAILABLE: ${details}` }, post)).toBe(true);
  });
  test('no connection of somebody else, whose words a reply relays', () => {
    const details = 'No connection established. Last error: connect ECONNREFUSED';
    const replied = { getMap: () => ({ 'content-type': 'application/grpc+proto' }) };
    expect(isSafeToRetry({ code: 14, details, metadata: replied }, post)).toBe(false);
    expect(isSafeToRetry({ code: 14, details, metadata: replied }, { ...post, idempotent: true })).toBe(true);
  });
  test('a pushback that forbids it', () => {
    const failure = (ms: string) => ({
      code: 14,
      details: 'busy',
      metadata: { getMap: () => ({ 'grpc-retry-pushback-ms': ms }) },
    });
    expect(
      ['0', '20', '-1', 'soon', ''].map((ms) => isSafeToRetry(failure(ms), { ...post, idempotent: true })),
    ).toEqual([true, true, false, false, false]);
  });
  test('other codes', () => {
    expect(isSafeToRetry({ code: 13, details: 'x', metadata }, { ...post, idempotent: true })).toBe(false);
  });
});
