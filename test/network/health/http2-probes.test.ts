import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttp2Probes } from '../../../src/health/http2-probes.ts';
import { until } from '../../helpers/until.ts';

// Connections that are given over when more than their first bytes have come: the module for HTTP/2 was being loaded meanwhile.

const paths = { livez: '/livez', readyz: '/readyz', startupz: '/startupz' };
const serve = createHttp2Probes(http2, {
  paths,
  maxConnections: 10,
  requestTimeoutMs: 60_000,
  ask: (endpoint) => ({ endpoint, ok: true, state: 'ready', checks: {} }),
});
const accepted: Socket[] = [];
const server = createServer({ allowHalfOpen: true }, (socket) => {
  // As the probe server leaves them: bytes in the buffer, in pieces, and nobody reads.
  socket.on('error', () => {}).once('readable', () => socket.unshift(socket.read()));
  accepted.push(socket);
});
beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
afterAll(() => void server.close());

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const settings = '\x00\x00\x00\x04\x00\x00\x00\x00\x00';
const wrongSettings = '\x00\x00\x01\x04\x00\x00\x00\x00\x00x';

test.each([
  ['what is no preface', ['PRI nothing that HTTP/2 begins with', 'more', 'more']],
  ['a wrong frame', [preface + wrongSettings, settings + settings]],
  ['nonsense after the preface', [preface + settings, 'nonsense, and of a length that no frame has', 'more']],
])('%s ends the connection, and nothing else', async (_, pieces) => {
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => {});
  const closed = once(client.resume(), 'close');
  let sent = 0;
  for (const piece of pieces) {
    client.write(piece, 'latin1');
    sent += piece.length;
    await until('the bytes', () => (accepted.at(-1)?.readableLength ?? 0) === sent);
    await turn();
  }
  serve(accepted.at(-1) as Socket);
  await closed;
  expect(accepted.at(-1)?.destroyed).toBe(true);
});
