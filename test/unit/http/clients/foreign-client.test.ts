import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import {
  ForeignClient,
  type ForeignRequest,
  type MeshAdapterOptions,
} from '../../../../src/http/clients/foreign-client.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';

const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const busy = { status: 503, headers: {} };
const ownUf = {
  status: 503,
  headers: { server: 'envoy' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
};
const get: ForeignRequest = {
  method: 'GET',
  origin: 'http://orders',
  path: '/',
  headers: undefined,
  idempotent: undefined,
  replayable: true,
  signals: [],
};
const post = { ...get, method: 'POST' };

const clientOf = (options: MeshAdapterOptions = {}) =>
  new ForeignClient('test', {
    backoffBaseMs: 0,
    arrivalBaseMs: 0,
    arrivalSpreadMs: 0,
    logger: silentLogger,
    ...options,
  });

/** Attempts that end so, one after the other; the last for ever. */
function attempts(...outcomes: readonly unknown[]) {
  let made = 0;
  const attempt = async () => {
    const outcome = outcomes[Math.min(made, outcomes.length - 1)];
    made += 1;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { attempt, made: () => made };
}

const failureOf = (reply: unknown) => reply;

describe('an attempt that threw', () => {
  test.each<[string, ForeignRequest, unknown[], MeshAdapterOptions, number, unknown]>([
    ['is repeated where it may be', get, [reset, 'ok'], {}, 2, 'ok'],
    ['not for ever', get, [reset], { maxRetries: 3 }, 4, reset],
    ['surfaces where it may have arrived', post, [reset, 'ok'], {}, 1, reset],
    ['that was never sent is waited for', post, [refused, refused, refused, refused, 'ok'], {}, 5, 'ok'],
    ['surfaces where the body cannot be sent again', { ...post, replayable: false }, [refused, 'ok'], {}, 1, refused],
    [
      'surfaces where it is no failure of the network',
      get,
      [new Error('nonsense'), 'ok'],
      {},
      1,
      new Error('nonsense'),
    ],
    ['after a redirect is no proof', { ...post, redirected: true }, [refused, 'ok'], {}, 1, refused],
    ['is repeated for what its caller says', { ...post, idempotent: true }, [reset, 'ok'], {}, 2, 'ok'],
  ])('%s', async (_, request, outcomes, options, count, result) => {
    const { attempt, made } = attempts(...outcomes);
    const ended = await clientOf(options)
      .run(request, attempt)
      .catch((error: unknown) => error);
    expect(ended).toEqual(result);
    expect(made()).toBe(count);
  });
});

describe('a reply that did not throw', () => {
  test.each<[string, ForeignRequest, unknown[], MeshAdapterOptions, number, unknown]>([
    ['is repeated where it is a failure', get, [busy, 'ok'], {}, 2, 'ok'],
    ['is the last one in the end', get, [busy], { maxRetries: 1 }, 2, busy],
    ['surfaces at once for a POST', post, [busy, 'ok'], {}, 1, busy],
    [
      'surfaces with a status that is not of the list',
      get,
      [{ ...busy, status: 500 }, 'ok'],
      {},
      1,
      { ...busy, status: 500 },
    ],
    ['is repeated with one that is', get, [{ ...busy, status: 500 }, 'ok'], { retryStatuses: [500] }, 2, 'ok'],
    ['of the own sidecar is its word', post, [ownUf, 'ok'], {}, 2, 'ok'],
    ['of the own sidecar is none for half a body', { ...post, bodySent: false }, [ownUf, 'ok'], {}, 1, ownUf],
  ])('%s', async (_, request, outcomes, options, count, result) => {
    const { attempt, made } = attempts(...outcomes);
    expect(await clientOf(options).run(request, attempt, { failureOf })).toEqual(result);
    expect(made()).toBe(count);
  });

  test('is not looked at where nobody says how', async () => {
    const { attempt, made } = attempts(busy);
    expect(await clientOf().run(get, attempt)).toBe(busy);
    expect(made()).toBe(1);
  });
});

test('what is repeated is discarded, and nothing else', async () => {
  const discard = vi.fn();
  const { attempt } = attempts(reset, busy, 'ok');
  await clientOf().run(get, attempt, { failureOf, discard });
  expect(discard.mock.calls).toEqual([[reset], [busy]]);
});

test('how far one attempt got counts before what is known of the request', async () => {
  const { attempt, made } = attempts(ownUf, 'ok');
  const progressOf = vi.fn(() => ({ redirected: true }));
  expect(await clientOf().run(post, attempt, { failureOf, progressOf })).toBe(ownUf);
  expect(progressOf.mock.calls).toEqual([[ownUf]]);
  expect(made()).toBe(1);
});

test('an abort ends a pause with the outcome that came before it', async () => {
  const stop = new AbortController();
  const { attempt, made } = attempts({ ...busy, headers: { 'retry-after': '9' } }, 'ok');
  const discard = vi.fn();
  const ended = clientOf().run({ ...get, signals: [stop.signal] }, attempt, { failureOf, discard });
  await vi.waitFor(() => expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1));
  stop.abort();
  expect(await ended).toMatchObject({ status: 503 });
  expect(made()).toBe(1);
  expect(discard).not.toHaveBeenCalled();
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('the budget holds for all requests of a client, and is given back', async () => {
  const client = clientOf({ retryBudget: 0, retryBudgetMin: 1 });
  // Nothing that has ended counts any more, however it did.
  await client.run(get, async () => Promise.reject(new Error('nonsense'))).catch(() => {});
  for (const outcomes of [
    [reset, 'ok'],
    [reset, 'ok'],
  ]) {
    const { attempt } = attempts(...outcomes);
    expect(await client.run(get, attempt)).toBe('ok');
  }
  const { attempt, made } = attempts(reset, 'ok');
  await expect(clientOf({ retryBudget: 0, retryBudgetMin: 0 }).run(get, attempt)).rejects.toBe(reset);
  expect(made()).toBe(1);
});

test('a wrong option is refused in the name of the adapter', () => {
  expect(() => new ForeignClient('createMeshGot', { maxRetries: -1 })).toThrow(/^createMeshGot: maxRetries must be/);
  expect(() => new ForeignClient('createMeshGot', { failedReplies: 'throw' } as never)).toThrow(
    /no option "failedReplies"/,
  );
});
