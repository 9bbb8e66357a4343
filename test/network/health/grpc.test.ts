import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { status as codes } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { grpcServices } from '../../../src/health/grpc-health.ts';
import { createHealthServer, type HealthServer, type HealthServerOptions } from '../../../src/health/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { checkGrpcHealth, connectGrpcHealth } from '../../helpers/grpc-health-client.ts';
import { until } from '../../helpers/until.ts';

const open: HealthServer[] = [];
async function start(options: HealthServerOptions = {}) {
  const health = await createHealthServer({ port: 0, logger: silentLogger, cacheMs: 0, ...options });
  open.push(health);
  return health;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((health) => health.close()));
});

describe.each([false, true])('grpc.health.v1, worker: %s', (worker) => {
  const all = ({ port }: HealthServer) =>
    Promise.all(['', 'readiness', 'liveness', 'startup'].map((service) => checkGrpcHealth(port, service)));
  const serving = (...flags: boolean[]) => flags.map((flag) => (flag ? 'SERVING' : 'NOT_SERVING'));

  test('each service follows the state as its path does', async () => {
    const health = await start({ worker });
    expect(await all(health)).toEqual(serving(false, false, true, false));
    health.setState('ready');
    await until('ready', async () => (await checkGrpcHealth(health.port)) === 'SERVING');
    expect(await all(health)).toEqual(serving(true, true, true, true));
    health.setState('draining');
    await until('draining', async () => (await checkGrpcHealth(health.port)) === 'NOT_SERVING');
    expect(await all(health)).toEqual(serving(false, false, true, true));
  });

  test('each service has the checks of its path', async () => {
    const failing = { mine: () => false };
    const health = await start({ worker, readiness: failing, liveness: failing, startup: failing });
    health.setState('ready');
    // Until the thread has heard of them for the first time, an app counts as alive.
    await until('none', async () => (await all(health)).every((status) => status === 'NOT_SERVING'));
  });

  test('a name that is not known, another method, another service', async () => {
    const { port } = await start({ worker });
    expect(await checkGrpcHealth(port, 'orders.v1.Orders')).toBe(codes.NOT_FOUND);
    expect(await checkGrpcHealth(port, 'toString')).toBe(codes.NOT_FOUND);
    const client = connectGrpcHealth(port);
    const error = await new Promise((resolve) => client.Watch({}).on('error', resolve));
    expect(error).toMatchObject({
      code: codes.UNIMPLEMENTED,
      details: 'this port answers grpc.health.v1.Health/Check only',
    });
    const refusal = await new Promise((resolve) =>
      client.makeUnaryRequest('/orders.v1.Orders/Get', Buffer.from, Buffer.from, Buffer.alloc(9), resolve),
    );
    expect(refusal).toMatchObject({ code: codes.UNIMPLEMENTED });
    client.close();
  });

  test('the message of a failed call is readable, whatever the name holds', async () => {
    const { port } = await start({ worker });
    const client = connectGrpcHealth(port);
    const error = await new Promise((resolve) => client.Check({ service: '50 % größer\n' }, resolve));
    const known = Object.keys(grpcServices)
      .map((name) => JSON.stringify(name))
      .join(', ');
    expect(error).toMatchObject({ details: `there is no service "50 % größer\\n" here, but ${known}` });
    client.close();
  });

  test('many calls on one connection, and HTTP/1 beside them', async () => {
    const health = await start({ worker });
    health.setState('ready');
    await until('ready', async () => (await checkGrpcHealth(health.port)) === 'SERVING');
    const client = connectGrpcHealth(health.port);
    const call = () => new Promise((resolve) => client.Check({}, (error, reply) => resolve(error ?? reply?.status)));
    const replies = await Promise.all(Array.from({ length: 200 }, call));
    expect(new Set(replies)).toEqual(new Set([1]));
    expect((await fetch(`${health.url}/readyz`)).status).toBe(200);
    expect(await call()).toBe(1);
    client.close();
  });

  test('the paths of HTTP/1 are answered by HTTP/2 as well', async () => {
    const health = await start({ worker, readiness: { db: () => new Error('refused') } });
    health.setState('ready');
    const session = connectHttp2(`http://127.0.0.1:${health.port}`);
    const ask = (headers: Record<string, string>) =>
      new Promise<[number, string, string]>((resolve, reject) => {
        const stream = session.request(headers);
        let [status, type, text] = [0, '', ''];
        stream.on('response', (got) => {
          status = got[':status'] ?? 0;
          type = got['content-type'] ?? '';
        });
        stream.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        stream.on('end', () => resolve([status, type, text])).on('error', reject);
        stream.end();
      });
    expect(await ask({ ':path': '/livez' })).toEqual([200, 'text/plain; charset=utf-8', 'ok\n']);
    await until('the state', async () => (await ask({ ':path': '/readyz' }))[2] !== 'not ok: starting\n');
    expect(await ask({ ':path': '/readyz' })).toEqual([503, 'text/plain; charset=utf-8', 'not ok: db (refused)\n']);
    const json = await ask({ ':path': '/readyz?format=json' });
    expect([json[0], json[1], JSON.parse(json[2]).ok]).toEqual([503, 'application/json', false]);
    expect(await ask({ ':path': '/livez', ':method': 'HEAD' })).toEqual([200, 'text/plain; charset=utf-8', '']);
    expect((await ask({ ':path': '/livez', ':method': 'POST' }))[0]).toBe(405);
    expect((await ask({ ':path': '/other' }))[0]).toBe(404);
    session.close();
  });

  test('a client that leaves without a word leaves nothing behind', async () => {
    const health = await start({ worker });
    const socket = connect(health.port, '127.0.0.1').on('error', () => {});
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    socket.end(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settings]));
    await once(socket.resume(), 'close');
  });

  test('a call whose message does not come is ended', async () => {
    const health = await start({ worker, requestTimeoutMs: 100 });
    const session = connectHttp2(`http://127.0.0.1:${health.port}`);
    const headers = { ':method': 'POST', 'content-type': 'application/grpc' };
    for (const path of ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch', '/livez']) {
      const stream = session.request({ ...headers, ':path': path }, { endStream: false }).on('error', () => {});
      await once(stream.resume(), 'close');
    }
    session.destroy();
  });

  test('a message that is too long, compressed or none', async () => {
    const { port } = await start({ worker });
    const client = connectGrpcHealth(port);
    const call = (bytes: Uint8Array) =>
      new Promise<{ code: number } | null>((resolve) =>
        client.makeUnaryRequest(
          '/grpc.health.v1.Health/Check',
          () => Buffer.from(bytes),
          (reply) => reply,
          {},
          resolve,
        ),
      );
    expect(await call(new Uint8Array(5_000))).toMatchObject({ code: codes.RESOURCE_EXHAUSTED });
    expect(await call(Uint8Array.of(0x0f))).toMatchObject({ code: codes.INTERNAL });
    client.close();
    const gzip = connectGrpcHealth(port, { 'grpc.default_compression_algorithm': 2 });
    const error = await new Promise((resolve) => gzip.Check({ service: 'liveness' }, resolve));
    expect(error).toMatchObject({ code: codes.UNIMPLEMENTED, details: 'compressed messages are not read here' });
    gzip.close();
  });

  test('close ends the connection of a client that keeps it', async () => {
    const health = await start({ worker });
    const session = connectHttp2(`http://127.0.0.1:${health.port}`);
    session.on('error', () => {});
    await new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()));
    const closed = new Promise<void>((resolve) => session.once('close', () => resolve()));
    await health.close();
    await closed;
  });
});
