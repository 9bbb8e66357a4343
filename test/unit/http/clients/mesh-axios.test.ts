import { Readable } from 'node:stream';
import axios from 'axios';
import { describe, expect, test, vi } from 'vitest';
import { createMeshAxios, type MeshAdapterOptions } from '../../../../src/http/index.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';

// What the adapter does over a network is in test/network/http; here axios itself is given an adapter that plays one.

const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
type Config = { readonly [name: string]: unknown };

/** An instance over an adapter that gives, or throws, these outcomes one after the other. */
function instance(outcomes: readonly unknown[], options: MeshAdapterOptions = {}, defaults: object = {}) {
  const configs: Config[] = [];
  const adapter = vi.fn(async (config: Config) => {
    const outcome = outcomes[Math.min(configs.length, outcomes.length - 1)] as object;
    configs.push(config);
    if (outcome instanceof Error) throw outcome;
    return { config, headers: {}, ...outcome };
  });
  const short = { backoffBaseMs: 0, arrivalBaseMs: 0, arrivalSpreadMs: 0, logger: silentLogger };
  const client = createMeshAxios(axios, { ...short, ...options }, { adapter: adapter as never, ...defaults });
  return { client, configs };
}

const ok = { status: 200, data: 'ok' };

test('interceptors and transforms see a request once, whatever the attempts', async () => {
  const { client, configs } = instance([reset, { status: 503, data: 'busy' }, ok], {}, { validateStatus: null });
  const intercepted = vi.fn((config) => config);
  const transformed = vi.fn((data) => data);
  client.interceptors.request.use(intercepted);
  const reply = await client.get('http://orders/', { transformResponse: transformed });
  expect(reply.status).toBe(200);
  expect([configs.length, intercepted.mock.calls.length, transformed.mock.calls.length]).toEqual([3, 1, 1]);
});

describe('what may be sent twice', () => {
  test.each<[string, object, number]>([
    ['text', { data: 'text' }, 2],
    ['an object, which axios makes text', { data: { a: 1 } }, 2],
    ['bytes', { data: Buffer.from('x') }, 2],
    ['pairs', { data: new URLSearchParams('a=b') }, 2],
    ['a form of the standard', { data: new FormData() }, 2],
    ['a form of another package, which is a stream', { data: Object.assign(new FormData(), { pipe: () => {} }) }, 1],
    ['a stream', { data: Readable.from(['x']) }, 1],
  ])('%s', async (_, config, attempts) => {
    const { client, configs } = instance([refused, ok]);
    await client.request({ url: 'http://orders/', method: 'POST', ...config }).catch(() => {});
    expect(configs).toHaveLength(attempts);
  });
});

test('the method counts, get where there is none', async () => {
  for (const [method, attempts] of [
    ['post', 1],
    ['PUT', 2],
    [undefined, 2],
  ] as const) {
    const { client, configs } = instance([reset, ok]);
    await client.request({ url: 'http://orders/', ...(method === undefined ? {} : { method }) }).catch(() => {});
    expect(configs, method).toHaveLength(attempts);
  }
});

test('the budget is kept by the origin of the whole address', async () => {
  const options = { retryBudget: 0, retryBudgetMin: 1, maxRetries: 1 };
  const { client, configs } = instance([reset], options, { baseURL: 'http://orders/v1' });
  await Promise.allSettled([client.get('/a'), client.get('/b'), client.get('http://prices/')]);
  expect(configs.map(({ url }) => url).toSorted()).toEqual(['/a', '/a', '/b', 'http://prices/', 'http://prices/']);
});

describe('a pause ends with', () => {
  const busy = { status: 503, data: 'busy', headers: { 'retry-after': '9' } };
  const lazy = { validateStatus: null };

  test('a signal', async () => {
    const { client, configs } = instance([busy, ok], {}, lazy);
    const stop = new AbortController();
    const asked = client.get('http://orders/', { signal: stop.signal });
    await vi.waitFor(() => expect(configs).toHaveLength(1));
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: 'CanceledError' });
    expect(configs).toHaveLength(1);
  });

  test('a cancel token, which keeps nothing of the request', async () => {
    const { client, configs } = instance([busy, ok], {}, lazy);
    const source = axios.CancelToken.source();
    const unsubscribed = vi.spyOn(source.token, 'unsubscribe' as never);
    const asked = client.get('http://orders/', { cancelToken: source.token });
    await vi.waitFor(() => expect(configs).toHaveLength(1));
    source.cancel();
    await expect(asked).rejects.toMatchObject({ name: 'CanceledError' });
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });
});

test('the stream of a reply that is repeated is closed, and that of the last one is not', async () => {
  const [first, last] = [Readable.from(['busy']), Readable.from(['busy'])];
  const failed = Object.assign(new Error('503'), { response: { status: 503, headers: {}, data: first } });
  const { client } = instance([failed, { status: 503, data: last }], { maxRetries: 1 }, { validateStatus: null });
  expect((await client.get('http://orders/')).data).toBe(last);
  expect([first.destroyed, last.destroyed]).toEqual([true, false]);
});

test("axios's own adapter is looked up by its name, for each request", async () => {
  const getAdapter = vi.fn(() => async () => ok);
  const create = (defaults: { adapter?: (config: object) => Promise<unknown> }) => defaults.adapter;
  const named = { create, getUri: () => 'http://orders/', defaults: { adapter: ['xhr', 'http'] }, getAdapter };
  const adapter = createMeshAxios(named, { logger: silentLogger });
  expect(await adapter?.({ url: 'http://orders/' })).toBe(ok);
  expect(getAdapter.mock.calls).toEqual([[['xhr', 'http'], { url: 'http://orders/' }]]);
});
