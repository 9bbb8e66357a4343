import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { createMeshGot, type MeshAdapterOptions } from '../../../../src/http/index.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';

// What the adapter does with got itself is in test/network/http; here are its decisions, one by one.

type Options = { retry: { calculateDelay?: (failure: { error: unknown }) => number; [name: string]: unknown } };
type Handler = (options: object | undefined, next: (options: unknown) => unknown) => unknown;

function handlerOf(options: MeshAdapterOptions = {}): Handler {
  const got = { extend: (given: { handlers: [Handler] }) => given.handlers[0] };
  return createMeshGot(got, { logger: silentLogger, ...options }) as unknown as Handler;
}

const request = (more: object = {}) => ({
  ...{ method: 'GET', url: new URL('http://orders/a?b=c'), headers: {}, body: undefined, isStream: false },
  ...{ retry: { limit: 2, methods: ['GET'] } },
  ...more,
});
const error = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

/** What the request's own function makes of its failures, one after the other. */
function delays(given: object, failures: readonly unknown[], options?: MeshAdapterOptions): number[] {
  const seen = request(given) as unknown as Options;
  handlerOf(options)(seen, () => new Promise(() => {}));
  return failures.map((failure) => seen.retry.calculateDelay?.({ error: failure }) ?? -1);
}

const repeated = expect.toSatisfy((ms: number) => ms >= 1);

test("got's other settings stay, and its lists are not enforced", () => {
  const seen = request() as unknown as Options;
  const next = vi.fn(() => Promise.resolve());
  handlerOf()(seen, next);
  expect(next.mock.calls).toEqual([[seen]]);
  expect(seen.retry).toMatchObject({ limit: 2, methods: ['GET'], enforceRetryRules: false });
});

describe('the delay', () => {
  test.each<[string, object, unknown[], unknown[]]>([
    ['a GET that was lost', {}, [error('ECONNRESET')], [repeated]],
    ['twice at most', {}, [error('ECONNRESET'), error('ECONNRESET'), error('ECONNRESET')], [repeated, repeated, 0]],
    ['a POST that was lost', { method: 'POST' }, [error('ECONNRESET')], [0]],
    ['a POST that was never sent', { method: 'POST' }, Array(9).fill(error('ECONNREFUSED')), Array(9).fill(repeated)],
    ['a body that is a stream', { method: 'POST', body: (async function* () {})() }, [error('ECONNREFUSED')], [0]],
    ['an Idempotency-Key', { method: 'POST', headers: { 'idempotency-key': '1' } }, [error('ECONNRESET')], [repeated]],
    ['what is no failure', {}, [error('ERR_UNSUPPORTED_PROTOCOL')], [0]],
    ['a 500', {}, [error('x', { response: { statusCode: 500, headers: {} } })], [0]],
  ])('%s', (_, given, failures, expected) => {
    expect(delays(given, failures)).toEqual(expected);
  });

  test('is never 0, which got takes for a no', () => {
    expect(delays({}, [error('ECONNRESET')], { backoffBaseMs: 0 })).toEqual([1]);
  });

  test.each([
    [[], repeated],
    [[new URL('http://next/')], 0],
  ])('after the redirects %s', (redirectUrls, expected) => {
    const failure = error('ECONNREFUSED', { request: Object.assign(new EventEmitter(), { redirectUrls }) });
    expect(delays({ method: 'POST' }, [failure])).toEqual([expected]);
  });
});

describe('what is left to got', () => {
  test.each<[string, object | undefined]>([
    ['a stream', request({ isStream: true })],
    ['no address', request({ url: undefined })],
    ['no options', undefined],
  ])('%s', (_, options) => {
    const before = structuredClone((options as Options | undefined)?.retry);
    expect(handlerOf()(options, (passed) => ['passed', passed])).toEqual(['passed', options]);
    expect((options as Options | undefined)?.retry).toEqual(before);
  });
});

describe('the end of a request gives the budget back', () => {
  const options = { retryBudget: 0, retryBudgetMin: 1 };
  test.each<[string, () => unknown]>([
    ['fulfilled', () => Promise.resolve('ok')],
    ['rejected', () => Promise.reject(error('x'))],
    [
      'not even made',
      () => {
        throw error('x');
      },
    ],
  ])('%s', async (_, end) => {
    const handler = handlerOf(options);
    for (let count = 0; count < 3; count += 1) {
      const seen = request() as unknown as Options;
      let delay: number | undefined;
      try {
        await handler(seen, () => {
          delay = seen.retry.calculateDelay?.({ error: error('ECONNRESET') });
          return end();
        });
      } catch {}
      expect(delay).toEqual(repeated);
      await Promise.resolve();
    }
  });
});

test('a late word of the refusal is not heard, and every other one is', () => {
  const stream = new EventEmitter();
  const heard = vi.fn();
  stream.on('error', heard);
  const failure = error('ECONNREFUSED', { request: stream });
  expect(delays({}, [failure])).toEqual([repeated]);
  stream.emit('error', error('ERR_SOCKET_CLOSED_BEFORE_CONNECTION'));
  expect(heard).not.toHaveBeenCalled();
  const other = error('ERR_ABORTED');
  stream.emit('error', other);
  expect(heard.mock.calls).toEqual([[other]]);
});
