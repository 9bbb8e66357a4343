import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ConnectFatalError,
  type EndpointProtocol,
  endpointChecks,
  waitForEndpoint,
} from '../../../src/connect/index.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';
import { freePort } from '../../helpers/free-port.ts';
import { amqpStart, kafkaApiVersions, mongodbHello, mysqlGreeting } from '../../helpers/protocol-answers.ts';
import { until } from '../../helpers/until.ts';

// Stand-ins for servers, over real sockets; the real ones are in test/mesh/connect.test.ts.

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function listen<S extends Server>(server: S, port = 0): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

/** Sends `greeting` at once, and answers what has come with `answer`. */
const standIn = (greeting: string, answer: (request: string) => string) =>
  createServer((socket) => {
    if (greeting) socket.write(greeting, 'latin1');
    socket.on('data', (bytes) => socket.write(answer(bytes.toString('latin1')), 'latin1'));
  });

const servers: Record<Exclude<EndpointProtocol, 'tls' | 'tcp' | 'http'>, () => Server> = {
  postgres: () => standIn('', () => 'N'),
  mysql: () => standIn(mysqlGreeting('8.4.2'), () => ''),
  redis: () => standIn('', () => '+PONG\r\n'),
  amqp: () => standIn('', () => amqpStart),
  kafka: () => standIn('', kafkaApiVersions),
  mongodb: () => standIn('', mongodbHello),
};
const protocols = Object.keys(servers) as (keyof typeof servers)[];
const once1 = { signal: new AbortController().signal, attempt: 1 };

describe.each(protocols)('%s', (protocol) => {
  it('is proven by its answer, and the connection is closed', async () => {
    const { port, sockets } = await listen(servers[protocol]());
    const url = `${protocol}://user:secret@127.0.0.1:${port}/name?x=y`;
    const { proof } = await endpointChecks[protocol](url)(once1);
    expect(proof).toMatch(new RegExp(`^${protocol}://127.0.0.1:${port} (answers|greets) `));
    await until('the connection to be closed', () => sockets.size === 0);
  });

  it.each(protocols.filter((other) => other !== protocol))('is not what answers as %s', async (other) => {
    const { port } = await listen(servers[other]());
    const waiting = waitForEndpoint(`${protocol}://127.0.0.1:${port}`, { deadlineMs: 150, backoffBaseMs: 1 });
    await expect(waiting).rejects.toMatchObject({ code: 'MESH_CONNECT_DEADLINE' });
  });

  it('is waited for while connections are accepted and closed, as a sidecar does', async () => {
    const port = await freePort();
    const closing = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => closing.listen(port, '127.0.0.1', resolve));
    let refusals = 0;
    closing.on('connection', () => refusals++);
    const waiting = waitForEndpoint(`${protocol}://127.0.0.1:${port}`, { backoffBaseMs: 5, backoffCapMs: 5 });
    await until('some attempts', () => refusals > 3);
    await new Promise((resolve) => closing.close(resolve));
    await listen(servers[protocol](), port);
    expect((await waiting).proof).toContain(`${protocol}://`);
  });

  it('a silent server: the attempt is cut off, and its socket with it', async () => {
    const { port, sockets } = await listen(createServer((socket) => socket.resume()));
    const abort = new AbortController();
    const waiting = waitForEndpoint(`${protocol}://127.0.0.1:${port}`, {
      attemptTimeoutMs: 50,
      backoffCapMs: 0,
      signal: abort.signal,
    });
    const seen = new Set<Socket>();
    await until('a second attempt', () => {
      for (const socket of sockets) seen.add(socket);
      return seen.size > 1;
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await until('no socket to be open', () => sockets.size === 0);
  });
});

describe('http', () => {
  it('wants 2xx', async () => {
    let status = 503;
    const { port } = await listen(createHttpServer((_, response) => void response.writeHead(status).end()));
    const check = endpointChecks.http(`http://127.0.0.1:${port}/healthz`);
    await expect(check(once1)).rejects.toThrow('says 503');
    status = 204;
    expect(await check(once1)).toEqual({ proof: `http://127.0.0.1:${port}/healthz says 204` });
  });
});

describe('tcp', () => {
  it('wants a connection that stays open, and says that it is no more', async () => {
    const { port } = await listen(createServer(() => {}));
    expect(await endpointChecks.tcp(`tcp://127.0.0.1:${port}`, { holdMs: 20 })(once1)).toEqual({
      proof: `tcp://127.0.0.1:${port} accepts connections and keeps them open for 20 ms`,
    });
  });

  it('is content with a word of the server', async () => {
    const { port } = await listen(standIn('hello', () => ''));
    const { proof } = await endpointChecks.tcp(`tcp://localhost:${port}`, { holdMs: 1e6 })(once1);
    expect(proof).toBe(`tcp://localhost:${port} accepts connections and sends data`);
  });

  it('does not take a connection that ends', async () => {
    const { port } = await listen(createServer((socket) => socket.destroy()));
    const check = endpointChecks.tcp(`tcp://127.0.0.1:${port}`, { holdMs: 1e6 });
    await expect(check(once1)).rejects.toThrow(/accepts connections but closes them/);
    await expect(endpointChecks.tcp(`tcp://localhost:${await freePort()}`)(once1)).rejects.toThrow(
      'connect ECONNREFUSED',
    );
  });
});

describe('tls', () => {
  const file = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));

  it('wants a whole handshake', async () => {
    const { port } = await listen(createTlsServer({ key: file('key.pem'), cert: file('cert.pem') }));
    const check = endpointChecks.tls(`tls://localhost:${port}`, { ca: file('cert.pem') });
    expect(await check(once1)).toEqual({ proof: `tls://localhost:${port} speaks TLSv1.3` });
  });

  it('a certificate that is not trusted is fatal', async () => {
    const { port } = await listen(createTlsServer({ key: file('key.pem'), cert: file('cert.pem') }));
    const error = await waitForEndpoint(`tls://localhost:${port}`).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConnectFatalError);
    expect(error).toMatchObject({ reason: 'the certificate is not trusted', attempts: 1 });
  });

  it('a server without TLS is fatal, one that hangs up is not', async () => {
    const plain = await listen(standIn('', () => 'HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(waitForEndpoint(`tls://localhost:${plain.port}`)).rejects.toThrow(
      'the server does not speak TLS there',
    );
    const closing = await listen(createServer((socket) => socket.destroy()));
    const waiting = waitForEndpoint(`tls://localhost:${closing.port}`, { deadlineMs: 200 });
    await expect(waiting).rejects.toMatchObject({ code: 'MESH_CONNECT_DEADLINE' });
  });
});

describe('addresses', () => {
  it.each(['db:5432', 'ftp://db:21', 'https://db', 'rediss://db', 'toString://x', 'tcp://db'])(
    '%s is refused',
    async (url) => {
      await expect(waitForEndpoint(url)).rejects.toBeInstanceOf(MeshOptionError);
    },
  );

  it('of another scheme than the check are refused', () => {
    expect(() => endpointChecks.postgres('mysql://db')).toThrow(
      'endpointChecks.postgres: url must be an address: postgres://HOST:PORT or postgresql://HOST:PORT, got "mysql://..."',
    );
  });
});
