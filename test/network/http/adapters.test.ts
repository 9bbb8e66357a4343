import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { adaptedClients } from '../../helpers/adapted-clients.ts';
import type { Fault } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ownUf } from '../../helpers/http-clients.ts';
import { once, serving } from '../../helpers/serving.ts';

const { serve, atEnd } = serving();
const text = 'an order';

describe.each(adaptedClients)('%s', (name, make) => {
  describe('is repeated', () => {
    test.each([
      ['a GET on 503', { do: 'reply', status: 503 }],
      ['a GET whose connection breaks', { do: 'reset' }],
      ['a GET whose reply is cut', { do: 'half reply', body: 'half of it' }],
    ] as const)('%s', async (_, fault) => {
      const server = await serve(once(fault));
      // ky hands out a reply whose body is still on its way.
      if (name.startsWith('ky') && fault.do === 'half reply') return;
      expect(await make().ask(`${server.url}/`, { method: 'GET' })).toBe(200);
      expect(server.received).toHaveLength(2);
    });

    test('a POST whose own sidecar could not connect, byte for byte', async () => {
      const server = await serve(once(ownUf));
      expect(await make().ask(`${server.url}/`, { method: 'POST', body: text })).toBe(200);
      expect(server.received.map(({ body }) => body.toString())).toEqual([text, text]);
    });

    test('a POST of bytes', async () => {
      const server = await serve(once(ownUf));
      expect(await make().ask(`${server.url}/`, { method: 'POST', body: Buffer.from([0, 255, 10]) })).toBe(200);
      expect(server.received.map(({ body }) => [...body])).toEqual([
        [0, 255, 10],
        [0, 255, 10],
      ]);
    });

    // axios 0.30 itself knows no form of Node's.
    test.skipIf(name === 'axios 0.30')('a form: the same once more, or not at all', async () => {
      const form = new FormData();
      form.set('item', '1');
      form.set('file', new Blob(['some bytes']), 'a.txt');
      const server = await serve(once(ownUf));
      const status = await make().ask(`${server.url}/`, { method: 'POST', body: form });
      const parts = server.received.map(({ body }) => body.toString().replaceAll(/^--[^\r]*/gm, '--'));
      expect(parts[0]).toContain('some bytes');
      expect(parts.slice(1)).toEqual(status === 200 ? [parts[0]] : []);
      expect(status).toBe(name.startsWith('got') ? 503 : 200);
    });

    test('a POST with an Idempotency-Key', async () => {
      const server = await serve(once({ do: 'reset' }));
      const headers = { 'idempotency-key': '1' };
      expect(await make().ask(`${server.url}/`, { method: 'POST', headers, body: text })).toBe(200);
      expect(server.received).toHaveLength(2);
    });

    test('a POST to a port where somebody comes to listen', async () => {
      const port = await freePort();
      const asked = make().ask(`http://127.0.0.1:${port}/`, { method: 'POST', body: text });
      await new Promise((done) => setTimeout(done, 300));
      const server = await serve(() => ({ do: 'reply' }), port);
      expect(await asked).toBe(200);
      expect(server.received.map(({ body }) => body.toString())).toEqual([text]);
    });
  });

  describe('surfaces at once', () => {
    test.each([
      ['a POST on 503', 'POST', { do: 'reply', status: 503 }, 503],
      ['a 500', 'GET', { do: 'reply', status: 500 }, 500],
      ['a POST read and then reset', 'POST', { do: 'reset' }, 'throws'],
      ['a POST reset while it is sent', 'POST', { do: 'reset at head' }, 'throws'],
    ] as const)('%s', async (_, method, fault, outcome) => {
      const server = await serve(() => fault);
      const asked = make().ask(`${server.url}/`, { method, ...(method === 'POST' ? { body: text } : {}) });
      expect(await asked.catch(() => 'throws')).toBe(outcome);
      expect(server.received).toHaveLength(1);
    });

    test('a POST whose reply is cut', async () => {
      const server = await serve(() => ({ do: 'half reply', body: 'half of it' }));
      await make()
        .ask(`${server.url}/`, { method: 'POST', body: text })
        .catch(() => {});
      expect(server.received).toHaveLength(1);
    });

    test.each<[string, () => Promise<string>]>([
      ['where the own sidecar cannot connect', async () => '/orders/1'],
      ['where nobody listens', async () => `http://127.0.0.1:${await freePort()}/`],
    ])('a POST that was answered by a redirect to %s', async (_, target) => {
      const location = await target();
      const server = await serve(
        ({ method }): Fault => (method === 'POST' ? { do: 'reply', status: 303, headers: { location } } : ownUf),
      );
      await make({ deadlineMs: 500 })
        .ask(`${server.url}/`, { method: 'POST', body: text })
        .catch(() => {});
      expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
    });

    test.each([
      ['the own sidecar of the next cannot connect', async () => '/next'],
      ['where nobody listens', async () => `http://127.0.0.1:${await freePort()}/`],
    ])('a POST that is sent on by a redirect (307): %s', async (_, target) => {
      const location = await target();
      const server = await serve(
        ({ path }): Fault => (path === '/' ? { do: 'reply', status: 307, headers: { location } } : ownUf),
      );
      await make({ deadlineMs: 500 })
        .ask(`${server.url}/`, { method: 'POST', body: text })
        .catch(() => {});
      expect(server.received.filter(({ path }) => path === '/')).toHaveLength(1);
      expect(server.received.length).toBeLessThanOrEqual(2);
    });

    test('a stream that was read', async () => {
      const server = await serve(() => ownUf);
      const body = Readable.from([Buffer.from(text)]);
      await make()
        .ask(`${server.url}/`, { method: 'POST', body })
        .catch(() => {});
      expect(server.received.map((request) => request.body.toString())).toEqual([text]);
    });
  });

  describe('gives up', () => {
    test('a GET after maxRetries', async () => {
      const server = await serve(() => ({ do: 'reply', status: 503 }));
      expect(await make({ maxRetries: 3 }).ask(`${server.url}/`, { method: 'GET' })).toBe(503);
      expect(server.received).toHaveLength(4);
    });

    test('a refused port at the deadline', async () => {
      const url = `http://127.0.0.1:${await freePort()}/`;
      const started = performance.now();
      await expect(make({ deadlineMs: 300 }).ask(url, { method: 'POST', body: text })).rejects.toThrow();
      expect(performance.now() - started).toBeGreaterThan(200);
    });

    test('by the retry budget, which is given back', async () => {
      const client = make({ retryBudget: 0, retryBudgetMin: 1, maxRetries: 1 });
      const server = await serve((_, number) => (number % 2 === 1 ? { do: 'reply', status: 503 } : { do: 'reply' }));
      for (let request = 1; request <= 3; request += 1) {
        expect(await client.ask(`${server.url}/`, { method: 'GET' })).toBe(200);
      }
      const none = make({ retryBudget: 0, retryBudgetMin: 0 });
      server.play(() => ({ do: 'reply', status: 503 }));
      expect(await none.ask(`${server.url}/`, { method: 'GET' })).toBe(503);
      expect(server.received).toHaveLength(7);
    });

    test('in a pause that is aborted', async () => {
      const stop = new AbortController();
      const server = await serve((): Fault => {
        setTimeout(() => stop.abort(), 50);
        return { do: 'reply', status: 429, headers: { 'retry-after': '5' } };
      });
      const started = performance.now();
      await expect(make().ask(`${server.url}/`, { method: 'GET', signal: stop.signal })).rejects.toThrow();
      expect(performance.now() - started).toBeLessThan(4_000);
      expect(server.received).toHaveLength(1);
    });
  });

  describe('Retry-After', () => {
    const gap = async (headers: [string, string][]) => {
      const times: number[] = [];
      const server = createServer((_request, reply) => {
        times.push(performance.now());
        if (times.length === 1) reply.writeHead(429, headers.flat()).end();
        else reply.end('ok');
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      atEnd(async () => {
        server.closeAllConnections();
        server.close();
      });
      const status = await make().ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'GET' });
      return { status, ms: (times[1] ?? Number.POSITIVE_INFINITY) - (times[0] ?? 0) };
    };

    test.each([
      ['seconds', () => [['retry-after', '1']], 995],
      // A date names a second that has begun.
      ['a date', () => [['retry-after', new Date(Date.now() + 2_000).toUTCString()]], 900],
      ['garbage', () => [['retry-after', 'soon']], 0],
      ['a negative number', () => [['retry-after', '-3']], 0],
    ] as const)('%s', async (_, headers, least) => {
      const { status, ms } = await gap(headers() as [string, string][]);
      expect(status).toBe(200);
      expect(ms).toBeGreaterThan(least);
      expect(ms).toBeLessThan(4_000);
    });

    test('years: gives up and does not come early', async () => {
      const { status, ms } = await gap([['retry-after', '99999999']]);
      expect(status).toBe(429);
      expect(ms).toBe(Number.POSITIVE_INFINITY);
    });
  });
});

test('a connection that is closed before a byte of a reply does not tell a POST from its arrival', async () => {
  const sockets: unknown[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('data', () => socket.destroy()).on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  atEnd(async () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  for (const [, make] of adaptedClients) {
    sockets.length = 0;
    await expect(make().ask(url, { method: 'POST', body: text })).rejects.toThrow();
    expect(sockets).toHaveLength(1);
  }
});
