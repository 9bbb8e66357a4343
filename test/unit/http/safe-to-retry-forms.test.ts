import { describe, expect, test } from 'vitest';
import { MeshInterruptedError, MeshUnreachableError } from '../../../src/http/request-errors.ts';
import { isSafeToRetry } from '../../../src/http/safe-to-retry.ts';
import { networkError } from '../../helpers/scripted-transport.ts';

const post = { method: 'POST', url: 'http://a/' };
const get = { method: 'GET', url: 'http://a/' };
const ufText = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
const ownUf = { status: 503, headers: { server: 'envoy' }, body: ufText };
const busy = { status: 503, headers: {} };

describe('a failure of this library', () => {
  const request = {
    ...{ method: 'POST', url: 'http://a/', attempts: 1, elapsedMs: 1, gaveUp: 'deadline' as const },
    ...{ firstCause: undefined, classification: undefined },
  };

  test('says itself whether anything was sent', () => {
    expect(isSafeToRetry(new MeshUnreachableError({ ...request, neverSent: true }, undefined), post)).toBe(true);
    expect(isSafeToRetry(new MeshInterruptedError({ ...request, neverSent: false }, undefined), post)).toBe(false);
    expect(isSafeToRetry(new MeshInterruptedError({ ...request, neverSent: false }, undefined), get)).toBe(true);
  });
});

describe('the reply counts before the error that carries it', () => {
  test.each<[string, unknown, boolean]>([
    ['a reply that may pass', networkError('ERR_BAD_RESPONSE', { response: busy }), true],
    ['one that does not', networkError('ECONNREFUSED', { response: { status: 500, headers: {} } }), false],
    ['no reply', networkError('ECONNREFUSED', { response: undefined }), true],
    ['something that is none', networkError('ECONNREFUSED', { response: { data: 'x' } }), true],
    ['one without headers', networkError('ECONNREFUSED', { response: { status: 500 } }), true],
    ['one whose status is no number', networkError('ECONNREFUSED', { response: { status: '500', headers: {} } }), true],
  ])('%s', (_, failure, safe) => {
    expect(isSafeToRetry(failure, get)).toBe(safe);
  });
});

describe('the body of a reply', () => {
  test.each<[string, object, boolean]>([
    ['as `body`', { body: ufText }, true],
    ['as `data`', { data: ufText }, true],
    ['in bytes', { body: Buffer.from(ufText) }, true],
    ['of another type counts as not read', { body: new Blob([ufText]) }, false],
    ['parsed counts as not read', { data: { text: ufText } }, false],
    ['not read', {}, false],
  ])('%s', (_, more, safe) => {
    expect(isSafeToRetry({ status: 503, headers: { server: 'envoy' }, ...more }, post)).toBe(safe);
  });
});

test.each<[unknown, boolean]>([
  [{ statusCode: 503, headers: {} }, true],
  [{ statusCode: 500, headers: {} }, false],
  [{ headers: {} }, false],
  [{ status: 503 }, false],
  [null, false],
  ['503', false],
  [503, false],
])('%j is safe for a GET: %s', (failure, safe) => {
  expect(isSafeToRetry(failure, get)).toBe(safe);
});

describe('redirects', () => {
  const refused = (more: object = {}) => networkError('ECONNREFUSED', more);

  test.each<[string, unknown, boolean]>([
    ['a Response that says so', { ...ownUf, redirected: true }, false],
    ['a Response that says that there was none', { ...ownUf, redirected: false }, true],
    ['one within an error', { response: { ...ownUf, redirected: true } }, false],
    ['the request of axios, redirected', refused({ request: { _redirectCount: 1 } }), false],
    ['the request of axios, not redirected', refused({ request: { _redirectCount: 0 } }), true],
    ['the last request of axios', refused({ request: { _redirectable: { _redirectCount: 2 } } }), false],
    ['the last request of axios, not redirected', refused({ request: { _redirectable: { _redirectCount: 0 } } }), true],
    ['a request that counts otherwise', refused({ request: { _redirectCount: '1' } }), true],
    ['a request that is none', refused({ request: null }), true],
    ['an axios reply', { response: { ...ownUf, request: { _redirectCount: 1 } } }, false],
  ])('%s', (_, failure, safe) => {
    expect(isSafeToRetry(failure, post)).toBe(safe);
  });

  test("the caller's word counts before all", () => {
    expect(isSafeToRetry(refused(), { ...post, redirected: true })).toBe(false);
    expect(isSafeToRetry({ ...ownUf, redirected: true }, { ...post, redirected: false })).toBe(true);
    expect(isSafeToRetry(ownUf, { ...post, redirected: true, bodySent: true })).toBe(false);
  });
});

describe('the URL', () => {
  test.each<[string | URL | undefined, boolean]>([
    [undefined, true],
    ['http://a/', true],
    [new URL('http://a/'), true],
    ['https://a/', false],
    [new URL('https://a/'), false],
  ])("%s: the sidecar's word counts: %s", (url, safe) => {
    expect(isSafeToRetry(ownUf, { method: 'POST', url })).toBe(safe);
  });
});

describe('options', () => {
  test('are checked, and what is said of the request as well', () => {
    expect(() => isSafeToRetry(busy, { ...get, idempotent: 'yes' } as never)).toThrow(/isSafeToRetry.*idempotent/);
    expect(() => isSafeToRetry(busy, get, { trustSidecar: 'yes' as never })).toThrow('trustSidecar');
  });

  test('are heeded', () => {
    expect(isSafeToRetry({ status: 404, headers: {} }, get, { retryStatuses: [404] })).toBe(true);
    const keyed = { ...post, headers: { 'X-Request-Key': 'a' } };
    expect(isSafeToRetry(busy, keyed)).toBe(false);
    expect(isSafeToRetry(busy, keyed, { idempotencyKeyHeader: 'X-Request-Key' })).toBe(true);
    expect(isSafeToRetry(busy, { ...get, idempotent: false })).toBe(false);
  });

  test('of how often do not matter: it is asked each time', () => {
    expect(isSafeToRetry(busy, get, { maxRetries: 0 } as never)).toBe(true);
  });
});

describe('a rate limit', () => {
  const limited = (headers: object) => ({
    status: 429,
    headers: { server: 'envoy', 'x-envoy-ratelimited': 'true', ...headers },
    body: '',
  });

  test('is safe when it says when, however late', () => {
    expect(isSafeToRetry(limited({}), get)).toBe(false);
    expect(isSafeToRetry(limited({ 'retry-after': '86400' }), get)).toBe(true);
  });
});

describe('grpc-js', () => {
  const metadata = (more: object = {}) => ({ getMap: () => ({ server: 'envoy', ...more }) });

  test.each<[string, object, boolean]>([
    ['no connection', { code: 14, details: 'No connection established. Last error: x' }, true],
    ['a refused connection, told by Node', { code: 14, details: 'Last error: connect ECONNREFUSED 127.0.0.1:1' }, true],
    ["the own sidecar's word", { code: 14, details: ufText, metadata: metadata() }, true],
    ['words that only look encoded', { code: 14, details: ufText.replaceAll(' ', '%20'), metadata: metadata() }, false],
    ["without the sidecar's headers", { code: 14, details: ufText, metadata: metadata({ server: undefined }) }, false],
    ['without metadata', { code: 14, details: ufText }, false],
    ['another code', { code: 13, details: ufText, metadata: metadata() }, false],
    ['a code that is no number', { code: '14', details: ufText, metadata: metadata() }, false],
    ['without details', { code: 14, metadata: metadata() }, false],
  ])('%s', (_, failure, safe) => {
    expect(isSafeToRetry(failure, post)).toBe(safe);
  });

  test('a body that was not sent, or a redirect, takes the word away', () => {
    const failure = { code: 14, details: ufText, metadata: metadata() };
    expect(isSafeToRetry(failure, { ...post, bodySent: false })).toBe(false);
    expect(isSafeToRetry(failure, { ...post, redirected: true })).toBe(false);
  });

  test('what is idempotent is repeated on UNAVAILABLE', () => {
    expect(isSafeToRetry({ code: 14, details: 'x', metadata: metadata() }, { ...post, idempotent: true })).toBe(true);
  });
});

describe('an error within an error', () => {
  test('is looked for', () => {
    const twice = new Error('outer', { cause: new Error('inner', { cause: networkError('ECONNREFUSED') }) });
    expect(isSafeToRetry(twice, post)).toBe(true);
    expect(isSafeToRetry(new Error('outer', { cause: busy }), get)).toBe(true);
  });

  test('but not behind a fault of the network itself', () => {
    const outer = networkError('ECONNRESET', { cause: networkError('ECONNREFUSED') });
    expect(isSafeToRetry(outer, post)).toBe(false);
  });
});
