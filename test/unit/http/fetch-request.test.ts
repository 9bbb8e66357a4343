import { FormData as UndiciFormData, Headers as UndiciHeaders, Request as UndiciRequest } from 'undici';
import { describe, expect, test } from 'vitest';
import { fetchRequest, type MeshFetchInit } from '../../../src/http/fetch-request.ts';

describe('the URL', () => {
  test.each<[string | URL | Request, string]>([
    ['http://orders.test/a?b=1#c', 'text'],
    [new URL('http://orders.test/a?b=1#c'), 'a URL'],
    [new Request('http://orders.test/a?b=1#c'), 'a Request of Node'],
    [new UndiciRequest('http://orders.test/a?b=1#c') as unknown as Request, 'a Request of undici'],
  ])('%s', async (input) => {
    expect(await fetchRequest(input)).toMatchObject({
      url: expect.stringMatching(/^http:\/\/orders\.test\/a\?b=1(#c)?$/),
      origin: 'http://orders.test',
      path: '/a?b=1',
      method: 'GET',
    });
  });

  test.each([
    ['https://orders.test:8443/', 'https://orders.test:8443'],
    ['data:text/plain,x', undefined],
    ['blob:nodedata:1', undefined],
  ])('%s has the origin %s', async (url, origin) => {
    expect((await fetchRequest(url)).origin).toBe(origin);
  });

  test('that is none', async () => {
    await expect(fetchRequest('/relative')).rejects.toThrow(TypeError);
  });
});

describe('the method', () => {
  test.each([
    [undefined, undefined, 'GET'],
    ['put', undefined, 'PUT'],
    [undefined, 'DELETE', 'DELETE'],
    ['patch', 'DELETE', 'PATCH'],
  ])('given %s, in the Request %s: %s', async (given, inRequest, method) => {
    const input = inRequest === undefined ? 'http://a.test/' : new Request('http://a.test/', { method: inRequest });
    const request = await fetchRequest(input, given === undefined ? {} : { method: given });
    expect(request.method).toBe(method);
    expect(request.init.method).toBe(method);
  });
});

describe('the headers', () => {
  test.each<[string, unknown]>([
    ['an object', { One: '1', many: ['a', 'b'], none: undefined, empty: [] }],
    [
      'pairs',
      [
        ['one', '1'],
        ['many', 'a'],
        ['many', 'b'],
      ],
    ],
    [
      'a Map',
      new Map([
        ['one', '1'],
        ['many', 'a, b'],
      ]),
    ],
    [
      'Headers of Node',
      new Headers([
        ['one', '1'],
        ['many', 'a'],
        ['many', 'b'],
      ]),
    ],
    ['names that differ in their case only', { one: '1', many: 'a', Many: 'b' }],
  ])('whose values come as a list or repeatedly: %s', async (_, headers) => {
    const request = await fetchRequest('http://a.test/', { headers: headers as MeshFetchInit['headers'] });
    expect([...request.headers]).toEqual([
      ['many', 'a, b'],
      ['one', '1'],
    ]);
  });

  test('that cannot be sent are refused', async () => {
    await expect(fetchRequest('http://a.test/', { headers: { 'a b': '1' } })).rejects.toThrow(TypeError);
    await expect(fetchRequest('http://a.test/', { headers: { a: ['1', '2\n'] } })).resolves.toBeDefined();
    await expect(fetchRequest('http://a.test/', { headers: { a: ['1', '2\nb: 3'] } })).rejects.toThrow(TypeError);
    await expect(fetchRequest('http://a.test/', { headers: 'a: 1' as never })).rejects.toThrow(TypeError);
  });

  test('are those given, else those of the Request', async () => {
    const input = new Request('http://a.test/', { headers: { a: '1' } });
    expect((await fetchRequest(input)).headers.get('a')).toBe('1');
    const { headers, init } = await fetchRequest(input, { headers: { b: '2' } });
    expect([headers.get('a'), headers.get('b')]).toEqual([null, '2']);
    expect(init.headers).toBe(headers);
    expect(headers).toBeInstanceOf(UndiciHeaders);
  });

  test('of the caller are not written to', async () => {
    const headers = new Headers({ a: '1' });
    await fetchRequest('http://a.test/', { method: 'POST', headers, body: new URLSearchParams('a=1') });
    expect([...headers]).toEqual([['a', '1']]);
  });
});

describe('the body', () => {
  const bodyOf = async (init: object, input: string | Request = 'http://a.test/') =>
    (await fetchRequest(input, { method: 'PUT', ...init })).body;

  test.each([undefined, null])('%s is none', async (body) => {
    expect(await bodyOf({ body })).toBeUndefined();
  });

  test('is not in what fetch is told beside it', async () => {
    expect((await fetchRequest('http://a.test/', { method: 'PUT', body: 'x' })).init).not.toHaveProperty('body');
  });

  test('that can be replayed', async () => {
    const body = await bodyOf({ body: 'text' });
    expect([body?.next(), body?.next()]).toEqual(['text', 'text']);
  });

  test('of the Request, unless there is another one', async () => {
    const input = () => new Request('http://a.test/', { method: 'PUT', body: 'of the request' });
    const own = await bodyOf({}, input());
    let text = '';
    const chunks = (own as { next(): unknown }).next() as AsyncIterable<Uint8Array>;
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    expect(text).toBe('of the request');
    expect((await bodyOf({ body: 'given' }, input()))?.next()).toBe('given');
    expect(await bodyOf({ body: null }, input())).toBeUndefined();
  });

  test('that is a form is encoded, with its type', async () => {
    const { body, headers } = await fetchRequest('http://a.test/', { method: 'PUT', body: new URLSearchParams('a=1') });
    expect(body?.next()).toBe('a=1');
    expect(headers.get('content-type')).toBe('application/x-www-form-urlencoded;charset=UTF-8');
    const form = new UndiciFormData();
    form.set('a', '1');
    const multipart = await fetchRequest('http://a.test/', { method: 'PUT', body: form as never });
    expect(multipart.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/);
  });

  test("that is a form keeps the caller's own type", async () => {
    const headers = { 'Content-Type': 'text/mine' };
    const request = await fetchRequest('http://a.test/', { method: 'PUT', headers, body: new URLSearchParams('a=1') });
    expect(request.headers.get('content-type')).toBe('text/mine');
  });
});

describe('what fetch is told beside them', () => {
  test("is the caller's, over the Request's", async () => {
    const controller = new AbortController();
    const input = new Request('http://a.test/', {
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrer: 'http://a.test/before',
      referrerPolicy: 'no-referrer',
      integrity: 'sha256-x',
      keepalive: true,
      mode: 'cors',
      signal: controller.signal,
    } as RequestInit);
    const { init } = await fetchRequest(input, { redirect: 'error' });
    expect(init).toMatchObject({
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrer: 'http://a.test/before',
      referrerPolicy: 'no-referrer',
      integrity: 'sha256-x',
      keepalive: true,
      mode: 'cors',
      duplex: 'half',
    });
    controller.abort();
    expect(init.signal?.aborted).toBe(true);
  });

  test('has nothing of this library', async () => {
    const given = {
      idempotent: true,
      meshRetry: { maxRetries: 0 },
      dispatcher: {} as never,
      cache: 'no-store' as const,
    };
    const { init, idempotent } = await fetchRequest('http://a.test/', given);
    expect(Object.keys(init).toSorted()).toEqual(['cache', 'duplex', 'headers', 'method']);
    expect(idempotent).toBe(true);
    expect((await fetchRequest('http://a.test/')).idempotent).toBeUndefined();
  });
});
