import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAsker } from '../../src/mesh/ask/asker.ts';
import { createCancelSource } from '../../src/mesh/ask/cancel.ts';
import { parseHttpUrl, parseUnixUrl } from '../../src/mesh/ask/endpoint.ts';
import type { Question } from '../../src/mesh/ask/question.ts';
import { parseTcpUrl } from '../../src/mesh/ask/server-endpoint.ts';
import { nodeClock, nodeTransport } from '../../src/sockets/node-transport.ts';
import { reply } from '../helpers/raw-sidecar.ts';
import { until } from '../helpers/until.ts';

// The core over real sockets on loopback.

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A server that tells of each connection and of each request on it. */
async function serve(
  onRequest: (socket: Socket, request: number, connection: number) => void,
  host = '127.0.0.1',
  path?: string,
) {
  const sockets: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', () => onRequest(socket, ++requests, connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (path === undefined) server.listen(0, host, resolve);
    else server.listen(path, resolve);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  stops.push(stop);
  const port = path === undefined ? (server.address() as AddressInfo).port : 0;
  return { port, sockets, requests: () => requests, stop };
}

function createSubject() {
  const asker = createAsker(nodeTransport, nodeClock);
  stops.push(() => asker.close());
  const source = createCancelSource();
  const ask = (question: Question, timeoutMs = 20_000) => asker.ask(question, timeoutMs, source.signal);
  const get = (url: string, timeoutMs?: number) => ask({ kind: 'text', endpoint: parseHttpUrl(url) }, timeoutMs);
  return { asker, source, ask, get };
}

const answer = (socket: Socket, text = 'hi') => socket.write(reply(200, text));
const live = () =>
  process
    .getActiveResourcesInfo()
    .filter((name) => name.startsWith('TCPSocket') || name === 'Timeout' || name.includes('ConnectWrap'));

describe('connections', () => {
  it('are kept and used again', async () => {
    const { port, sockets } = await serve((socket) => answer(socket));
    const { get } = createSubject();
    for (let round = 0; round < 5; round++) {
      expect(await get(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'reply', status: 200, body: 'hi' });
    }
    expect(sockets).toHaveLength(1);
  });

  it('are not used again where the server says close', async () => {
    const { port, sockets } = await serve((socket) => socket.write(reply(200, '', 'Connection: close\r\n')));
    const { get } = createSubject();
    await get(`http://127.0.0.1:${port}`);
    await get(`http://127.0.0.1:${port}`);
    expect(sockets).toHaveLength(2);
  });

  it('that the server closes in between are replaced without a word', async () => {
    const { port, sockets } = await serve((socket) => answer(socket));
    const { get } = createSubject();
    await get(`http://127.0.0.1:${port}`);
    const [first] = sockets;
    first?.end();
    await until('the close to arrive', () => first?.closed);
    expect(await get(`http://127.0.0.1:${port}`)).toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(2);
  });

  it('that the server closes at the moment of their reuse: the request goes out anew', async () => {
    const { port, requests } = await serve((socket, request) =>
      request === 2 ? socket.resetAndDestroy() : answer(socket),
    );
    const { get } = createSubject();
    await get(`http://127.0.0.1:${port}`);
    expect(await get(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'reply', status: 200 });
    expect(requests()).toBe(3);
  });

  it('are never shared by a POST, which is sent once', async () => {
    const { port, sockets, requests } = await serve((socket, request) =>
      request === 2 ? socket.resetAndDestroy() : answer(socket),
    );
    const { get, ask } = createSubject();
    await get(`http://127.0.0.1:${port}`);
    const observation = await ask({
      kind: 'status',
      endpoint: parseHttpUrl(`http://127.0.0.1:${port}`),
      method: 'POST',
    });
    expect(observation).toMatchObject({ kind: 'failed', failure: 'reset', sent: true });
    expect([sockets.length, requests()]).toEqual([2, 2]);
  });

  it('that are half-open are raced by a second one', async () => {
    const { port, sockets } = await serve((socket, _, connection) => {
      if (connection > 1) answer(socket);
    });
    const { get } = createSubject();
    expect(await get(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'reply', status: 200 });
    expect(sockets).toHaveLength(2);
    await until('the first to be given up', () => sockets[0]?.closed);
  });
});

describe('a question that is repeated', () => {
  /**
   * Asks once, and then again each `pauseMs` as long as the answer stays the same. An answer that takes longer ends it: by
   * default that is more than a busy machine adds.
   */
  async function repeat(url: string, { timeoutMs = 20_000, pauseMs = 50 } = {}) {
    const { asker, get, source } = createSubject();
    const question: Question = { kind: 'text', endpoint: parseHttpUrl(url) };
    const first = await get(url);
    let asked = 0;
    const rhythm = { pauseMs: () => pauseMs, onAsk: () => void asked++ };
    const start = (judged = first) => asker.repeat(question, judged, rhythm, timeoutMs, source.signal);
    return { first, start, source, get, asked: () => asked };
  }

  it('goes on, over one connection, until another answer comes', async () => {
    const { port, sockets, requests } = await serve((socket, request) => answer(socket, request < 20 ? 'no' : 'yes'));
    const { start, asked } = await repeat(`http://127.0.0.1:${port}`);
    expect(await start()).toMatchObject({ kind: 'reply', status: 200, body: 'yes' });
    expect([sockets.length, requests(), asked()]).toEqual([1, 20, 19]);
  });

  it('may get the other answer in pieces', async () => {
    const { port } = await serve((socket, request) => {
      if (request < 3) return void answer(socket, 'no');
      const [head = '', tail = ''] = reply(200, 'yes').split('OK');
      socket.write(`${head}OK`);
      setTimeout(() => socket.write(tail), 30);
    });
    const { start } = await repeat(`http://127.0.0.1:${port}`);
    expect(await start()).toMatchObject({ kind: 'reply', status: 200, body: 'yes' });
  });

  it('waits for an answer that is later than the next time, and asks no second time for it', async () => {
    const { port, requests } = await serve(
      (socket, request) => void setTimeout(() => answer(socket, request < 3 ? 'no' : 'yes'), request < 3 ? 0 : 450),
    );
    const { start } = await repeat(`http://127.0.0.1:${port}`, { pauseMs: 150 });
    expect(await start()).toMatchObject({ kind: 'reply', body: 'yes' });
    expect(requests()).toBe(3);
  });

  it('has a time limit each time', async () => {
    const { port } = await serve((socket, request) => request < 3 && answer(socket));
    const { start } = await repeat(`http://127.0.0.1:${port}`, { timeoutMs: 200, pauseMs: 100 });
    expect(await start()).toEqual({
      kind: 'failed',
      failure: 'timeout',
      detail: 'no answer within 200 ms',
      sent: true,
    });
  });

  it('is asked over a second connection where the first one is dead', async () => {
    const { port, sockets } = await serve((socket, request, connection) => {
      if (connection > 1) answer(socket, 'yes');
      else if (request < 3) answer(socket, 'no');
    });
    const { start } = await repeat(`http://127.0.0.1:${port}`);
    expect(await start()).toMatchObject({ kind: 'reply', body: 'yes' });
    expect(sockets).toHaveLength(2);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closed', (socket) => void socket.end()],
    ['reset', (socket) => void socket.resetAndDestroy()],
    ['used to say more than was asked', (socket) => void socket.write(reply(200, 'no') + reply(200, 'no'))],
  ])('is asked anew where the connection is %s', async (_, spoil) => {
    const { port, sockets } = await serve((socket, request) => {
      if (request === 3) spoil(socket);
      else answer(socket, request < 3 ? 'no' : 'yes');
    });
    const { start } = await repeat(`http://127.0.0.1:${port}`);
    const observation = await start();
    // Bytes that nobody asked for are no answer; whether they spoil this one or the next depends on how they arrive.
    expect(observation).toMatchObject({ kind: 'reply', status: 200 });
    await until('the first connection to be given up', () => sockets[0]?.closed);
  });

  it('ends at once when cancelled, and leaves no connection', async () => {
    const { port, sockets, requests } = await serve((socket) => answer(socket));
    const { start, source } = await repeat(`http://127.0.0.1:${port}`);
    const repeated = start();
    await until('some requests', () => requests() > 3);
    source.cancel();
    expect(await repeated).toMatchObject({ kind: 'failed', detail: 'cancelled' });
    await until('the connection to be closed', () => sockets.every(({ closed }) => closed));
    expect(sockets).toHaveLength(1);
  });

  it('is left to be asked one by one where there is nothing to compare with, or the pauses are long', async () => {
    const { port } = await serve((socket, request) => answer(socket, String(request)));
    const url = `http://127.0.0.1:${port}`;
    const { first, start, get } = await repeat(url);
    const second = await get(url);
    expect(start(first)).toBeUndefined();
    expect(start({ ...second })).toBeUndefined();
    expect((await repeat(url, { pauseMs: 2_000 })).start()).toBeUndefined();
    expect((await repeat(url, { pauseMs: 60, timeoutMs: 50 })).start()).toBeUndefined();
    expect((await repeat('http://127.0.0.1:1')).start()).toBeUndefined();
  });
});

describe('localhost', () => {
  it.each(['127.0.0.1', '::1'])('is found on %s alone', async (host) => {
    const { port } = await serve((socket) => answer(socket), host);
    expect(await createSubject().get(`http://localhost:${port}`)).toMatchObject({ kind: 'reply', status: 200 });
  });

  it('is refused where nothing listens on either', async () => {
    const server = await serve(() => {});
    await server.stop();
    const observation = await createSubject().get(`http://localhost:${server.port}`);
    expect(observation).toMatchObject({ kind: 'failed', sent: false, detail: expect.stringContaining('connect E') });
  });
});

it('a unix socket is asked over HTTP, and whether it accepts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'admin.sock');
  const { ask } = createSubject();
  const endpoint = parseUnixUrl(`unix:${path}`);
  expect(await ask({ kind: 'connect', endpoint })).toMatchObject({ kind: 'failed', failure: 'refused' });
  await serve((socket) => answer(socket), '', path);
  expect(await ask({ kind: 'text', endpoint })).toMatchObject({ status: 200, body: 'hi' });
  expect(await ask({ kind: 'connect', endpoint })).toEqual({ kind: 'connected' });
});

it('a TCP address is asked whether it accepts', async () => {
  const { port } = await serve(() => {});
  expect(await createSubject().ask({ kind: 'connect', endpoint: parseTcpUrl(`tcp://localhost:${port}`) })).toEqual({
    kind: 'connected',
  });
});

it('reads /server_info no further than it must', async () => {
  const { port } = await serve((socket) => {
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"state":"LIVE","node":{"id":"sidecar~","metadata":{"ENVOY_STATUS_PORT":1}},',
    );
  });
  const observation = await createSubject().ask({
    kind: 'server-info',
    endpoint: parseHttpUrl(`http://127.0.0.1:${port}/server_info`),
  });
  expect(observation).toMatchObject({ kind: 'reply', serverInfo: { state: 'LIVE' } });
});

describe('the end of a question', () => {
  it('is its time limit', async () => {
    const { port } = await serve(() => {});
    expect(await createSubject().get(`http://127.0.0.1:${port}`, 50)).toEqual({
      kind: 'failed',
      failure: 'timeout',
      detail: 'no answer within 50 ms',
      sent: true,
    });
  });

  it('may be a cancellation, before or during it', async () => {
    const { port, requests } = await serve(() => {});
    const { get, source } = createSubject();
    const pending = get(`http://127.0.0.1:${port}`);
    await until('the request', () => requests() === 1);
    source.cancel();
    expect(await pending).toMatchObject({ kind: 'failed', detail: 'cancelled' });
    expect(await get(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'failed', detail: 'cancelled' });
  });

  it('leaves no socket and no timer', async () => {
    const { port, requests, stop } = await serve((socket, request) => request === 1 && answer(socket));
    const { get, source, asker } = createSubject();
    const before = live().filter((name) => name === 'Timeout').length;
    await get(`http://127.0.0.1:${port}`);
    const pending = get(`http://127.0.0.1:${port}`);
    await until('the request', () => requests() === 2);
    source.cancel();
    await pending;
    asker.close();
    await stop();
    await until('all to be free', () => !live().some((name) => name !== 'Timeout'));
    expect(live().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(before);
  });
});

it('a time beyond what a timer of Node holds does not end at once', async () => {
  let fired = false;
  const cancel = nodeClock.after(2 ** 40, () => {
    fired = true;
  });
  await once(process.stderr, 'never', { signal: AbortSignal.timeout(20) }).catch(() => {});
  cancel();
  expect(fired).toBe(false);
});
