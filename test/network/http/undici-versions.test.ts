import { Writable } from 'node:stream';
import * as undici8 from 'undici';
import * as undici6 from 'undici6';
import * as undici7 from 'undici7';
import { afterEach, describe, expect, test } from 'vitest';
import { undiciTable, undiciVersions } from '../../../scripts/undici-table.ts';
import { createMeshAgent, createMeshFetch, type MeshAgentOptions, meshRetry } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import type { FaultServer } from '../../helpers/fault-server.ts';
import { ownUf } from '../../helpers/http-clients.ts';
import { serving } from '../../helpers/serving.ts';

type Undici = typeof undici8;
const versions = { 6: undici6, 7: undici7, 8: undici8 } as unknown as Record<6 | 7 | 8, Undici>;

const { serve, atEnd } = serving();
const options = { backoffBaseMs: 1, arrivalBaseMs: 1, arrivalCapMs: 5, logger: silentLogger } as const;
const trusting = { ...options, trustSidecar: 'istio-default-policy' } as const;

const globals = Object.values(versions).map((one) => [one, one.getGlobalDispatcher()] as const);
afterEach(() => {
  for (const [one, dispatcher] of globals) one.setGlobalDispatcher(dispatcher);
});

type Outcome = { readonly status: number; readonly text: string };
type Ask = (url: string, init: { method: 'GET' | 'POST'; body?: string }) => Promise<Outcome>;

const asks =
  (call: (url: string, init: object) => Promise<undici8.Dispatcher.ResponseData>): Ask =>
  async (url, init) => {
    const reply = await call(url, init);
    return { status: reply.statusCode, text: await reply.body.text() };
  };
const fetches =
  (call: (url: string, init: object) => Promise<{ status: number; text(): Promise<string> }>): Ask =>
  async (url, init) => {
    const reply = await call(url, init);
    return { status: reply.status, text: await reply.text() };
  };
const meshAgent = (more: MeshAgentOptions = {}) => {
  const agent = createMeshAgent({ ...trusting, ...more });
  if (more.dispatcher === undefined) atEnd(() => agent.destroy());
  return agent;
};

/** A GET that is busy once, and a POST that the sidecar says nobody got, both repeated. */
async function repeats(ask: Ask, bodiesAreReplayed = true): Promise<void> {
  const busy = await serve((_, number) =>
    number === 1 ? { do: 'reply', status: 503, body: 'busy' } : { do: 'reply' },
  );
  expect(await ask(busy.url, { method: 'GET' })).toEqual({ status: 200, text: 'ok' });
  expect(busy.received).toHaveLength(2);
  const refusing = await serve((_, number) => (number === 1 ? ownUf : { do: 'reply' }));
  const { status } = await ask(refusing.url, { method: 'POST', body: 'order' });
  expect(status).toBe(bodiesAreReplayed ? 200 : 503);
  expect(new Set(bodies(refusing))).toEqual(new Set(['order']));
}

/** An upload that is answered before it is sent whole is not repeated: how far it got is known. */
async function noticesEarlyReplies(ask: Ask): Promise<void> {
  const server = await serve(() => ({ ...ownUf, do: 'early reply' }));
  await ask(server.url, { method: 'POST', body: 'x'.repeat(16 << 20) }).catch(() => {});
  expect(server.received).toHaveLength(1);
}

const bodies = ({ received }: FaultServer) => received.map(({ body }) => body.toString());

/** What is mocked is answered by the mock: the dispatcher that was given is the one that is asked. */
async function isAsked(undici: Undici, ask: (mock: undici8.MockAgent) => Ask): Promise<void> {
  const mock = new undici.MockAgent();
  atEnd(() => mock.close());
  mock.disableNetConnect();
  mock.get('http://orders.test').intercept({ path: '/' }).reply(200, 'mocked');
  expect(await ask(mock)('http://orders.test/', { method: 'GET' })).toEqual({ status: 200, text: 'mocked' });
}

const form = ({ FormData: Form }: Undici) => {
  const made = new Form();
  made.set('name', 'välue');
  made.set('file', new Blob(['content']), 'a.txt');
  return made;
};

async function arrivesTwice(send: (url: string) => Promise<unknown>): Promise<string> {
  const server = await serve((_, number) => (number === 1 ? { do: 'reply', status: 503 } : { do: 'reply' }));
  await send(server.url);
  const [first, second] = bodies(server);
  expect(first).toBe(second);
  expect(first).not.toContain('\0');
  return first ?? '';
}

/** One for each row of the table; it throws where the thing does not work. */
const exercises: Readonly<Record<keyof typeof undiciTable, (undici: Undici) => Promise<void>>> = {
  'its `request` and `stream`, with a mesh agent as `dispatcher`': async (undici) => {
    const dispatcher = meshAgent();
    const ask = asks((url, init) => undici.request(url, { ...init, dispatcher } as never));
    await repeats(ask);
    await noticesEarlyReplies(ask);
    const server = await serve((_, number) => (number === 1 ? { do: 'reply', status: 503 } : { do: 'reply' }));
    const chunks: Buffer[] = [];
    const sink = () => new Writable({ write: (chunk, _, done) => done(void chunks.push(chunk)) });
    await undici.stream(server.url, { method: 'GET', dispatcher }, sink);
    expect(Buffer.concat(chunks).toString()).toBe('ok');
  },
  'its `fetch`, with a mesh agent as `dispatcher`': async (undici) => {
    const dispatcher = meshAgent();
    await repeats(
      fetches((url, init) => undici.fetch(url, { ...init, dispatcher } as never)),
      false,
    );
  },
  'its `setGlobalDispatcher(createMeshAgent())`': async (undici) => {
    undici.setGlobalDispatcher(meshAgent());
    await repeats(asks((url, init) => undici.request(url, init)));
    await repeats(
      fetches((url, init) => undici.fetch(url, init)),
      false,
    );
  },
  'its `Agent`, composed with `meshRetry()`': async (undici) => {
    const agent = new undici.Agent();
    atEnd(() => agent.destroy());
    const dispatcher = agent.compose(meshRetry(trusting));
    const ask = asks((url, init) => undici.request(url, { ...init, dispatcher } as never));
    await repeats(ask);
    await noticesEarlyReplies(ask);
    await isAsked(undici, (mock) =>
      asks((url, init) => undici.request(url, { ...init, dispatcher: mock.compose(meshRetry(options)) })),
    );
  },
  'its `Agent`, `ProxyAgent` or `MockAgent` as `dispatcher` of `createMeshAgent`': async (undici) => {
    const agent = new undici.Agent();
    atEnd(() => agent.destroy());
    const dispatcher = meshAgent({ dispatcher: agent });
    const ask = asks((url, init) => undici8.request(url, { ...init, dispatcher }));
    await repeats(ask);
    await noticesEarlyReplies(ask);
    await isAsked(undici, (mock) =>
      asks((url, init) => undici8.request(url, { ...init, dispatcher: meshAgent({ dispatcher: mock }) })),
    );
  },
  'the same as `dispatcher` of `createMeshFetch` or of one request': async (undici) => {
    const dispatcher = new undici.Agent();
    atEnd(() => dispatcher.destroy());
    await repeats(fetches(createMeshFetch({ ...trusting, dispatcher })));
    await noticesEarlyReplies(fetches(createMeshFetch({ ...trusting, dispatcher })));
    await repeats(fetches((url, init) => createMeshFetch(trusting)(url, { ...init, dispatcher })));
    await isAsked(undici, (mock) => fetches(createMeshFetch({ ...options, dispatcher: mock })));
  },
  'the same set by its `setGlobalDispatcher`, for `meshFetch` without a `dispatcher`': async (undici) => {
    await isAsked(undici, (mock) => {
      undici.setGlobalDispatcher(mock);
      return fetches(createMeshFetch(options));
    });
  },
  'its `FormData`, `Request` and `Headers` in `meshFetch`': async (undici) => {
    const meshFetch = createMeshFetch(options);
    const sent = await arrivesTwice((url) => meshFetch(url, { method: 'PUT', body: form(undici) }));
    expect(sent).toContain('name="name"\r\n\r\nvälue\r\n');
    const asked = (url: string) => new undici.Request(url, { method: 'PUT', body: 'order', duplex: 'half' });
    const server = await serve(() => ({ do: 'reply' }));
    await meshFetch(asked(server.url), { headers: new undici.Headers({ a: 'b' }) as never });
    expect(server.received).toMatchObject([{ method: 'PUT', headers: expect.objectContaining({ a: 'b' }) }]);
    expect(bodies(server)).toEqual(['order']);
  },
  'its `FormData` as body of `request` with a mesh agent of undici 8': async (undici) => {
    const dispatcher = meshAgent();
    const sent = await arrivesTwice((url) => undici8.request(url, { method: 'PUT', body: form(undici), dispatcher }));
    expect(sent).toContain('filename="a.txt"\r\n');
  },
};

test('every row of the table is tried', () => {
  expect(Object.keys(exercises)).toEqual(Object.keys(undiciTable));
});

describe.each(undiciVersions)('undici %s', (version) => {
  test.each(Object.keys(undiciTable))('%s', (what) => exercises[what]?.(versions[version]));
});

test('a handler of no undici that is known is told which are', () => {
  const dispatch = () => meshAgent().dispatch({ origin: 'http://a.test', path: '/', method: 'GET' }, {});
  expect(dispatch).toThrow(/neither onRequestStart, which undici 7 and 8 call, nor onConnect, which undici 6 calls/);
});
