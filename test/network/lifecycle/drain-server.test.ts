import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect as connect2, createSecureServer, createServer as createServer2 } from 'node:http2';
import { createServer as createHttpsServer, Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { createServerDrain } from '../../../src/lifecycle/drains/drain-server.ts';
import { until } from '../../helpers/until.ts';

async function listen<S extends TcpServer>(server: S): Promise<[S, number]> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server, (server.address() as AddressInfo).port];
}
const http = (listener: RequestListener): Promise<[Server, number]> =>
  listen(createServer({ keepAliveTimeout: 600_000 }, listener));

async function ask(port: number, agent: Agent, path = '/') {
  const [response] = (await once(get({ port, host: '127.0.0.1', path, agent }), 'response')) as [IncomingMessage];
  const chunks: string[] = [];
  for await (const chunk of response.setEncoding('utf8')) chunks.push(String(chunk));
  return { body: chunks.join(''), connection: response.headers.connection };
}

test('a reply in flight ends whole and closes its connection; idle and never used connections go at once', async () => {
  const held: ServerResponse[] = [];
  const [server, port] = await http((request, response) => {
    if (request.url === '/held') held.push(response);
    else response.end('ok');
  });
  const drain = createServerDrain(server, 3_000);
  const agent = new Agent({ keepAlive: true });
  expect(await ask(port, agent)).toEqual({ body: 'ok', connection: 'keep-alive' });
  const unused = connect(port, '127.0.0.1');
  await once(unused, 'connect');
  const inFlight = ask(port, new Agent({ keepAlive: true }), '/held');
  await until('the request', () => held.length === 1);
  const unusedEnded = once(unused.resume(), 'end');
  let closed = false;
  const closing = drain.close().then(() => {
    closed = true;
  });
  await unusedEnded;
  expect(closed).toBe(false);
  await expect(ask(port, new Agent())).rejects.toThrow('ECONNREFUSED');
  held[0]?.end('whole');
  expect(await inFlight).toEqual({ body: 'whole', connection: 'close' });
  await closing;
  unused.destroy();
});

test('a reply whose headers promised to keep the connection is finished, then the connection is ended', async () => {
  let reply: ServerResponse | undefined;
  const [server, port] = await http((_request, response) => {
    response.write('begun ');
    reply = response;
  });
  const drain = createServerDrain(server, 3_000);
  const inFlight = ask(port, new Agent({ keepAlive: true }));
  await until('the request', () => reply);
  const closing = drain.close();
  reply?.end('ended');
  expect(await inFlight).toEqual({ body: 'begun ended', connection: 'keep-alive' });
  await closing;
});

test('a request that arrived while the loop was busy is answered', async () => {
  const [server, port] = await http((_request, response) => response.end('ok'));
  const drain = createServerDrain(server, 3_000);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.write('GET /1 HTTP/1.1\r\nhost: x\r\n\r\n');
  await until('the first reply', () => got.endsWith('ok'));
  // Written in this turn of the loop, so the bytes lie in the kernel when the closing begins.
  await new Promise<void>((resolve) => socket.write('GET /2 HTTP/1.1\r\nhost: x\r\n\r\n', () => resolve()));
  await drain.close();
  expect(got.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  expect(got).toMatch(/connection: close/i);
});

test('what does not end is cut, and counted', async () => {
  const [server, port] = await http(() => {});
  const drain = createServerDrain(server, 3_000);
  const hanging = ask(port, new Agent());
  await until(
    'the connection',
    () => new Promise<boolean>((resolve) => server.getConnections((_, count) => resolve(count === 1))),
  );
  await new Promise(setImmediate);
  const closing = drain.close();
  await new Promise(setImmediate);
  expect(drain.cut()).toBe(1);
  await expect(hanging).rejects.toThrow();
  await closing;
});

test('HTTP/2: GOAWAY, open streams end', async () => {
  const [server, port] = await listen(createServer2());
  const streams: { end(text: string): void }[] = [];
  server.on('stream', (stream) => void streams.push(stream));
  const drain = createServerDrain(server, 3_000);
  const session = connect2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': '/' });
  stream.setEncoding('utf8');
  await until('the stream', () => streams.length === 1);
  const goaway = once(session, 'goaway');
  const closing = drain.close();
  await goaway;
  streams[0]?.end('whole');
  let got = '';
  for await (const chunk of stream) got += chunk;
  expect(got).toBe('whole');
  await closing;
});

test('plain TCP: open connections go on, new ones are refused', async () => {
  const [server, port] = await listen(createTcpServer((socket) => socket.pipe(socket)));
  const drain = createServerDrain(server, 3_000);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  await until(
    'the connection',
    () => new Promise<boolean>((resolve) => server.getConnections((_, count) => resolve(count === 1))),
  );
  const closing = drain.close();
  await until(
    'refusal',
    () =>
      new Promise<boolean>((resolve) => {
        const late = connect(port, '127.0.0.1', () => {
          late.destroy();
          resolve(false);
        }).once('error', () => resolve(true));
      }),
  );
  socket.write('still here');
  expect(await once(socket, 'data')).toEqual(['still here']);
  socket.end();
  await closing;
});

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
interface Reply {
  write(text: string): unknown;
  end(text: string): unknown;
}
const tls = { key: fixture('key.pem'), cert: fixture('cert.pem') };

test.each(['HTTPS', 'HTTP/2 with HTTP/1.1'])(
  '%s: a reply in flight ends whole, idle and half-open connections go',
  async (kind) => {
    const held: Reply[] = [];
    const listener = (request: { url?: string | undefined }, response: Reply) => {
      if (request.url !== '/held') return void response.end('ok');
      response.write('begun '); // its headers promise to keep the connection
      held.push(response);
    };
    const secure =
      kind === 'HTTPS'
        ? createHttpsServer({ ...tls, keepAliveTimeout: 600_000 }, listener)
        : createSecureServer({ ...tls, allowHTTP1: true }, listener);
    const [server, port] = await listen(secure);
    const drain = createServerDrain(server, 3_000);
    const ask = async (path: string, agent: HttpsAgent) => {
      const sent = httpsGet({ port, host: '127.0.0.1', path, agent, rejectUnauthorized: false });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      return body;
    };
    const idle = new HttpsAgent({ keepAlive: true });
    expect(await ask('/', idle)).toBe('ok');
    const halfOpen = connect(port, '127.0.0.1').on('error', () => {});
    await once(halfOpen, 'connect');
    const inFlight = ask('/held', new HttpsAgent({ keepAlive: true }));
    await until('the request', () => held.length === 1);
    const closing = drain.close();
    await once(halfOpen.resume(), 'close');
    held[0]?.end('whole');
    expect(await inFlight).toBe('begun whole');
    await closing;
  },
);

test('HTTPS: a connection whose handshake is done but that carried nothing is closed', async () => {
  const [server, port] = await listen(createHttpsServer(tls, (_request, response) => response.end('ok')));
  const drain = createServerDrain(server, 3_000);
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }).resume();
  await once(socket, 'secureConnect');
  await until(
    'the connection',
    () => new Promise<boolean>((resolve) => server.getConnections((_, count) => resolve(count === 1))),
  );
  await drain.close();
  socket.destroy();
});

test('a request to upgrade is left to the app, as without the watch', async () => {
  const [server, port] = await http((_request, response) => response.end('plain'));
  createServerDrain(server, 3_000);
  const headers = { connection: 'upgrade', upgrade: 'h2c' };
  const [response] = (await once(get({ port, host: '127.0.0.1', headers }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
  server.closeAllConnections();
  server.close();
});

test('a request that asks to continue is served, and its connection closed', async () => {
  const [server, port] = await http(() => {});
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    request.resume().on('end', () => response.end('continued'));
  });
  const drain = createServerDrain(server, 3_000);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.write('POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n');
  await until('the word to continue', () => got.includes('100 Continue'));
  const closing = drain.close();
  socket.write('body');
  await closing;
  expect(got).toContain('continued');
});
