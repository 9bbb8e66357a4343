import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer, Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createServerDrain } from '../../../src/lifecycle/drains/drain-server.ts';
import { createWebSocketDrain } from '../../../src/lifecycle/drains/drain-web-sockets.ts';
import { until } from '../../helpers/until.ts';

async function listen<S extends TcpServer>(server: S): Promise<[S, number]> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server, (server.address() as AddressInfo).port];
}

async function ask(port: number, agent: Agent, path = '/') {
  const [response] = (await once(get({ port, host: '127.0.0.1', path, agent }), 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { body, connection: response.headers.connection };
}

const slowly = (server: Server) =>
  server.on('request', (request, response) =>
    setTimeout(() => response.end(`answer ${request.url}`), request.url === '/slow' ? 300 : 0),
  );

test('a connection from before the watch is told to close like others', async () => {
  const [server, port] = await listen(slowly(createServer({ keepAliveTimeout: 600_000 })));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await ask(port, agent);
  const drain = createServerDrain(server, 3_000);
  const reply = ask(port, agent, '/slow');
  await delay(50);
  const closed = drain.close();
  expect(await reply).toEqual({ body: 'answer /slow', connection: 'close' });
  await closed;
});

test('so is one of HTTPS, whose socket no public list of Node shows', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));
  const server = createHttpsServer({ key: pem('key'), cert: pem('cert'), keepAliveTimeout: 600_000 });
  const [, port] = await listen(slowly(server));
  const agent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
  const askSecurely = async (path: string) => {
    const sent = httpsGet({ port, host: '127.0.0.1', path, agent, rejectUnauthorized: false });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    return response.headers.connection;
  };
  await askSecurely('/');
  const drain = createServerDrain(server, 3_000);
  const reply = askSecurely('/slow');
  await delay(100);
  // It is counted, so it is cut where it must be.
  const closed = drain.close();
  expect(await reply).toBe('close');
  await closed;
  const [held, heldPort] = await listen(createHttpsServer({ key: pem('key'), cert: pem('cert') }, () => {}));
  const heldDrain = createServerDrain(held, 3_000);
  httpsGet({ port: heldPort, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {});
  await once(held, 'request');
  const heldClosed = heldDrain.close();
  expect(heldDrain.cut()).toBe(1);
  await heldClosed;
});

test('a TCP connection from before the watch is ended and cut like others', async () => {
  const [server, port] = await listen(createTcpServer((socket) => socket.pipe(socket)));
  const socket = connect(port, '127.0.0.1');
  socket.write('echo');
  await once(socket, 'data');
  const silent = createServerDrain(server, 100).close();
  await once(socket.resume(), 'end');
  await silent;
  const [other, otherPort] = await listen(createTcpServer());
  const busy = connect(otherPort, '127.0.0.1');
  await once(busy, 'connect');
  await until(
    'the connection',
    () => new Promise((resolve) => other.getConnections((_, count) => resolve(count === 1))),
  );
  const drain = createServerDrain(other, 60_000);
  const closed = drain.close();
  expect(drain.cut()).toBe(1);
  await closed;
});

test('a TCP client whose answer is still owed is waited for', async () => {
  const [server, port] = await listen(
    createTcpServer((socket) => socket.on('data', () => setTimeout(() => socket.write('answer'), 700))),
  );
  const drain = createServerDrain(server, 100);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write('question');
  await until(
    'the question',
    () => new Promise((resolve) => server.getConnections((_, count) => resolve(count === 1))),
  );
  await delay(50);
  const closed = drain.close();
  expect(await once(socket, 'data')).toEqual(['answer']);
  await closed;
});

test('asked to leave, clients go with their next reply, and new ones still come in', async () => {
  const [server, port] = await listen(slowly(createServer({ keepAliveTimeout: 600_000 })));
  const drain = createServerDrain(server, 3_000);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await ask(port, agent)).connection).toBe('keep-alive');
  drain.announce?.();
  expect(await ask(port, agent)).toEqual({ body: 'answer /', connection: 'close' });
  expect(await ask(port, agent)).toEqual({ body: 'answer /', connection: 'close' });
  await drain.close();
});

test.each(['announce', 'close'] as const)('requests that are pipelined are all answered: %s', async (step) => {
  const [server, port] = await listen(slowly(createServer({ keepAliveTimeout: 600_000 })));
  let handled = 0;
  server.on('request', () => {
    handled += 1;
  });
  const drain = createServerDrain(server, 3_000);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let got = '';
  socket.on('data', (text) => {
    got += text;
  });
  const ended = once(socket, 'end');
  socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2));
  await until('two', () => handled === 2);
  const closed = step === 'close' ? drain.close() : drain.announce?.();
  socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
  await until('three', () => handled === 3);
  await ended;
  expect(got.match(/answer \/slow/g)).toHaveLength(3);
  expect(got.match(/connection: close/gi)).toHaveLength(1);
  await (closed ?? drain.close());
});

test('HTTP/2: asked to leave, a client opens no more streams, and one on its way is served', async () => {
  const server = createHttp2Server((_request, response) => void response.end('ok'));
  const [, port] = await listen(server);
  const drain = createServerDrain(server, 3_000);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  await once(session, 'remoteSettings');
  const goaway = once(session, 'goaway');
  drain.announce?.();
  // Sent before the client has heard.
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  let got = '';
  stream.on('data', (text) => {
    got += text;
  });
  await Promise.all([goaway, once(stream, 'end')]);
  expect(got).toBe('ok');
  expect(session.closed).toBe(true);
  await drain.close();
});

test('a WebSocket whose handshake ends late is told to go, too', async () => {
  const [server, port] = await listen(createServer());
  const webSockets = new WebSocketServer({ noServer: true });
  let finish: (() => void) | undefined;
  server.on('upgrade', (request, socket, head) => {
    finish = () =>
      webSockets.handleUpgrade(request, socket, head, (client) => webSockets.emit('connection', client, request));
  });
  const drains = [createServerDrain(server, 3_000), createWebSocketDrain(webSockets, 3_000)];
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  await until('the handshake', () => finish);
  const closed = Promise.all(drains.map((drain) => drain.close()));
  const left = once(client, 'close');
  finish?.();
  expect((await left)[0]).toBe(1001);
  await closed;
});

test('a browser’s event stream is ended; a POST that is answered with events is waited for', async () => {
  const [server, port] = await listen(
    createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      if (request.method === 'POST') setTimeout(() => response.end('data: last\n\n'), 1_000);
      else {
        // It does not know that its reply was ended.
        const beat = setInterval(() => response.write(': beat\n\n'), 20);
        response.on('close', () => clearInterval(beat));
      }
    }),
  );
  const drain = createServerDrain(server, 200);
  const url = `http://127.0.0.1:${port}`;
  const events = await fetch(url, { headers: { accept: 'text/event-stream' } });
  const model = await fetch(url, { method: 'POST', headers: { accept: 'text/event-stream' } });
  const closed = drain.close();
  expect(await events.text()).toContain('data: first');
  expect(await model.text()).toBe('data: first\n\ndata: last\n\n');
  await closed;
});

test('an event stream that nobody takes is ended, and what its app still writes does no harm', async () => {
  const [server, port] = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      // More than the kernel keeps for a peer that does not read.
      response.write('x'.repeat(50_000_000));
      const beat = setInterval(() => response.write(': beat\n\n'), 20);
      response.on('close', () => clearInterval(beat));
    }),
  );
  const drain = createServerDrain(server, 200);
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n');
  await once(socket, 'readable');
  await drain.close();
});

test('a body that the app does not read yet is not held against its client', async () => {
  const [server, port] = await listen(
    createServer((request, response) => {
      // First it asks a database, say.
      setTimeout(() => request.resume().on('end', () => response.end('ok')), 600);
    }),
  );
  const drain = createServerDrain(server, 100);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n');
  await until('the request', () => new Promise((resolve) => server.getConnections((_, count) => resolve(count === 1))));
  await delay(50);
  const closed = drain.close();
  await delay(400);
  socket.write('body');
  expect((await once(socket, 'data'))[0]).toContain('200 OK');
  await closed;
});
