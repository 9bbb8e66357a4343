import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { startProgram } from './program.ts';

type Ports = Record<'http' | 'other' | 'http2' | 'secure' | 'tcp', number>;

/** Sends this and, once anything has come back where something must, never speaks or listens again. */
async function mute(port: number, text: string, answers: boolean): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  if (answers) await once(socket, 'readable');
  return socket;
}

const upgrade = (path: string) =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

/** The preface, empty settings, and a POST (stream 1, by static and literal headers) whose body never comes. */
const http2Post = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 6, 1, 4, 0, 0, 0, 1, 0x83, 0x84, 0x86, 0x41, 0x01, 0x78]),
]).toString('latin1');

export const deadPeers: Readonly<Record<string, (ports: Ports) => Promise<{ destroy(): unknown }>>> = {
  'WebSocket that answers no close frame': ({ http }) => mute(http, upgrade('/ws'), true),
  'upgraded connection of another library': ({ other }) => mute(other, upgrade('/'), true),
  'half the head of a request': ({ http }) => mute(http, 'GET / HTTP/1.1\r\nho', false),
  'half the body of a request': ({ http }) =>
    mute(http, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf', false),
  'event stream': ({ http }) =>
    mute(http, 'GET /events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n', true),
  'TCP client that said nothing': ({ tcp }) => mute(tcp, '', false),
  'TCP client that has its answer': ({ tcp }) => mute(tcp, 'echo', true),
  'HTTP/2 peer that answers no ping': async ({ http2 }) => {
    const socket = connect(http2, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.write(http2Post, 'latin1');
    await once(socket, 'readable');
    return socket;
  },
  'HTTP/2 stream whose body does not come': async ({ http2 }) => {
    const session: ClientHttp2Session = connectHttp2(`http://127.0.0.1:${http2}`).on('error', () => {});
    await once(session, 'remoteSettings');
    const stream = session.request({ ':method': 'POST' }).on('error', () => {});
    stream.write('half');
    return session;
  },
  'TLS connection that carried nothing': async ({ secure }) => {
    const socket = connectTls({ port: secure, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
  },
};

/** How long an app with so many peers takes to end, and how it ends. They have half a minute. */
export async function endWithDeadPeers(names: readonly string[], count: number) {
  const app = startProgram('test/fixtures/lifecycle/many-servers.ts');
  const peers: { destroy(): unknown }[] = [];
  try {
    const ports = await app.ready<Ports>();
    for (const name of names) {
      const connectPeer = deadPeers[name];
      for (let index = 0; index < count && connectPeer; index++) peers.push(await connectPeer(ports));
    }
    const startedAt = performance.now();
    app.child.kill('SIGTERM');
    const ended = await app.ended;
    return { ended, ms: performance.now() - startedAt, lines: app.lines.slice(1), stderr: app.stderr() };
  } finally {
    for (const peer of peers) peer.destroy();
    app.kill();
  }
}
