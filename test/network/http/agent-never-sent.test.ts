import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { MeshDeadlineError, MeshUnreachableError } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients, ok } from '../../helpers/http-clients.ts';
import { until } from '../../helpers/until.ts';

const { serve, agent } = httpClients();

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
