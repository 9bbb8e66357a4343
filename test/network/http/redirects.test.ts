import { Agent, interceptors, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch } from '../../../src/http/index.ts';
import type { Script } from '../../helpers/fault-server.ts';
import { serving } from '../../helpers/serving.ts';

const { serve, atEnd } = serving();
const policy = { backoffBaseMs: 5, arrivalBaseMs: 5 };

/** The order is taken, and its page, where the client is sent next, is not there yet. */
const orderThenUf: Script = ({ method }) =>
  method === 'POST'
    ? { do: 'reply', status: 303, headers: { location: '/orders/1' } }
    : {
        do: 'reply',
        status: 503,
        headers: { server: 'envoy' },
        body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
      };

const clients = {
  meshFetch: (url: string, method: 'POST' | 'PUT') => {
    const dispatcher = new Agent();
    atEnd(() => dispatcher.destroy());
    return createMeshFetch({ ...policy, dispatcher })(url, { method, body: 'order' }).then(({ status }) => status);
  },
  "undici's redirect interceptor below the mesh agent": (url: string, method: 'POST' | 'PUT') => {
    const below = new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
    const dispatcher = createMeshAgent({ ...policy, dispatcher: below });
    atEnd(() => dispatcher.destroy());
    return request(url, { method, body: 'order', dispatcher }).then(({ statusCode }) => statusCode);
  },
  "undici's redirect interceptor above it": (url: string, method: 'POST' | 'PUT') => {
    const agent = createMeshAgent({ ...policy, deadlineMs: 300 });
    atEnd(() => agent.destroy());
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 3 }));
    return request(url, { method, body: 'order', dispatcher }).then(({ statusCode }) => statusCode);
  },
} as const;

describe.each(Object.entries(clients))('%s', (_, call) => {
  test("the sidecar's word about the request after a redirect does not repeat the POST before it", async () => {
    const server = await serve(orderThenUf);
    await call(server.url, 'POST').catch(() => {});
    expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('a redirect of a PUT is followed with its body', async () => {
    const server = await serve((_, number) =>
      number === 1 ? { do: 'reply', status: 307, headers: { location: '/there' } } : { do: 'reply' },
    );
    expect(await call(server.url, 'PUT')).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['order', 'order']);
  });
});
