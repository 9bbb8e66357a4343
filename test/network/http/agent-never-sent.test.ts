import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { MeshDeadlineError, MeshUnreachableError } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients, ok } from '../../helpers/http-clients.ts';
import { until } from '../../helpers/until.ts';

const { serve, agent, fetcher, atEnd } = httpClients();

describe('what was never sent', () => {
  test.each(['GET', 'POST', 'PATCH'] as const)('%s waits for a port that nobody listens on yet', async (method) => {
    const port = await freePort();
    const body = method === 'GET' ? null : 'order';
    let refused = 0;
    const dispatcher = agent({ logger: { ...silentLogger, debug: () => (refused += 1) } });
    const pending = request(`http://127.0.0.1:${port}/`, { method, body, dispatcher });
    await until('three refused attempts', () => refused > 2);
    const server = await serve(ok, port);
    expect((await pending).statusCode).toBe(200);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.body.toString()).toBe(body ?? '');
  });

  test('at the deadline it surfaces as safe to repeat, with all that is known', async () => {
    const port = await freePort();
    const error = await request(`http://127.0.0.1:${port}/a?secret=1`, {
      method: 'POST',
      body: 'x',
      dispatcher: agent({ deadlineMs: 600 }),
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ neverSent: true, gaveUp: 'deadline', firstCause: { code: 'ECONNREFUSED' } });
    expect(['MESH_UNREACHABLE', 'MESH_DEADLINE']).toContain((error as { code: string }).code);
    expect(error instanceof MeshUnreachableError || error instanceof MeshDeadlineError).toBe(true);
    expect((error as Error).message).not.toContain('secret');
    expect((error as MeshUnreachableError).attempts).toBeGreaterThan(3);
  });

  test('a name that does not resolve is tried a few times only', async () => {
    const lookup = (_: string, __: unknown, callback: (error: Error) => void) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    const dispatcher = agent({ agent: { connect: { lookup: lookup as never } } });
    await expect(request('http://nowhere.test/', { method: 'POST', dispatcher })).rejects.toMatchObject({
      code: 'MESH_UNREACHABLE',
      attempts: 3,
    });
  });

  /** Connects nowhere until it has failed three times, in that way. */
  const failingLookup = (failure: object) => {
    let asked = 0;
    return (_: string, options: { all?: boolean }, callback: (...args: unknown[]) => void) => {
      asked += 1;
      if (asked <= 3) callback(Object.assign(new Error('look-up'), failure));
      else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    };
  };

  test.each([
    ['the servers of DNS fail', { code: 'EAI_FAIL', syscall: 'getaddrinfo' }],
    ['the resolver of c-ares fails', { code: 'ESERVFAIL', syscall: 'queryA' }],
    ['this machine has no descriptor left', { code: 'EMFILE', syscall: 'connect' }],
    ['the kernel has no buffer left', { code: 'ENOBUFS', syscall: 'connect' }],
    ['a code that nobody has heard of', { code: 'EWHATEVER', syscall: 'getaddrinfo' }],
  ])('a POST waits while %s', async (_, failure) => {
    const server = await serve(ok);
    const lookup = failingLookup(failure);
    const url = `http://orders.test:${server.port}/`;
    const dispatcher = agent({ agent: { connect: { lookup: lookup as never } } });
    expect((await request(url, { method: 'POST', body: 'order', dispatcher })).statusCode).toBe(200);
    const again = new Agent({ connect: { lookup: failingLookup(failure) as never } });
    atEnd(() => again.destroy());
    expect((await fetcher({ dispatcher: again })(url, { method: 'POST', body: 'order' })).status).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['order', 'order']);
  });

  test('an address that this machine does not have is no address to send from: nothing left', async () => {
    const server = await serve(ok);
    // 192.0.2.0/24 belongs to no machine (RFC 5737).
    const dispatcher = agent({ agent: { localAddress: '192.0.2.1' }, deadlineMs: 300 });
    await expect(request(server.url, { method: 'POST', body: 'order', dispatcher })).rejects.toMatchObject({
      neverSent: true,
      firstCause: { code: 'EADDRNOTAVAIL' },
    });
    expect(server.received).toHaveLength(0);
  });

  test('a connector of another package fails without any code: that is tried a few times', async () => {
    const connect = (_: unknown, callback: (error: Error, socket: null) => void) =>
      callback(new Error('Proxy connection timed out'), null);
    const dispatcher = agent({ agent: { connect: connect as never } });
    const failed = { code: 'MESH_UNREACHABLE', neverSent: true, attempts: 3, gaveUp: 'retries used up' };
    await expect(request('http://orders.test/', { method: 'POST', dispatcher })).rejects.toMatchObject(failed);
    await expect(fetcher({ dispatcher })('http://orders.test/', { method: 'POST' })).rejects.toMatchObject(failed);
  });

  test('what fetch refuses by itself is no failure of the network', async () => {
    await expect(fetcher()('http://orders.test:6667/')).rejects.toMatchObject({ cause: { message: 'bad port' } });
  });

  test('errors that are not of the network surface as they are, at once', async () => {
    const server = await serve(ok);
    const dispatcher = agent();
    await expect(request(server.url, { headers: { 'bad header': 'x' }, dispatcher })).rejects.toMatchObject({
      code: 'UND_ERR_INVALID_ARG',
    });
    await dispatcher.close();
    await expect(request(server.url, { dispatcher })).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });
});
