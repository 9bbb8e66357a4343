import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

/** What to answer to a stream, frame by frame: Node's own HTTP/2 server ends each stream in an orderly way before it resets it. */
export interface Stream {
  /** A reply's head: `:status: 200`, and nothing else. */
  head(end?: boolean): void;
  data(text: string, end?: boolean): void;
  reset(code: number): void;
  goAway(lastStream: number, code: number): void;
  /** Ends the connection. */
  close(): void;
  readonly id: number;
}

export interface FrameServer {
  readonly url: string;
  /** Streams that were opened, on all connections. */
  readonly streams: number;
  readonly connections: number;
  close(): Promise<void>;
}

const file = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
const preface = 24;
const types = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 };
const [endStream, ack, endHeaders] = [1, 1, 4];

/** @param answer called when a request has arrived whole; streams and connections count from 1 */
export async function startFrameServer(answer: (stream: Stream, connection: number) => void): Promise<FrameServer> {
  const sockets = new Set<TLSSocket>();
  let [connections, streams] = [0, 0];
  const server = createServer({ key: file('key.pem'), cert: file('cert.pem'), ALPNProtocols: ['h2'] }, (socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.on('error', () => {}); // cut connections are what this server is for
    const frame = (type: number, flags: number, id: number, payload: Buffer = Buffer.alloc(0)) => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head.writeUInt8(type, 3);
      head.writeUInt8(flags, 4);
      head.writeUInt32BE(id, 5);
      if (!socket.destroyed) socket.write(Buffer.concat([head, payload]));
    };
    const numbers = (...values: number[]) => {
      const payload = Buffer.alloc(values.length * 4);
      for (const [at, value] of values.entries()) payload.writeUInt32BE(value, at * 4);
      return payload;
    };
    const streamOf = (id: number): Stream => ({
      id,
      // Entry 8 of the static table: `:status: 200` (RFC 7541, appendix A).
      head: (end = false) => frame(types.headers, endHeaders | (end ? endStream : 0), id, Buffer.from([0x88])),
      data: (text, end = false) => frame(types.data, end ? endStream : 0, id, Buffer.from(text)),
      reset: (code) => frame(types.reset, 0, id, numbers(code)),
      goAway: (lastStream, code) => frame(types.goAway, 0, 0, numbers(lastStream, code)),
      close: () => socket.end(),
    });
    frame(types.settings, 0, 0);
    let received = Buffer.alloc(0);
    let isOpen = false;
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (!isOpen && received.length >= preface) {
        isOpen = true;
        received = received.subarray(preface);
      }
      while (isOpen && received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
        const [type, flags, id] = [received.readUInt8(3), received.readUInt8(4), received.readUInt32BE(5)];
        received = received.subarray(9 + received.readUIntBE(0, 3));
        if (type === types.settings && (flags & ack) === 0) frame(types.settings, ack, 0);
        if (type === types.headers) streams += 1;
        if ((type === types.headers || type === types.data) && (flags & endStream) !== 0)
          answer(streamOf(id), connection);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    get streams() {
      return streams;
    },
    get connections() {
      return connections;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** The certificate to trust. */
export const frameServerCertificate = file('cert.pem');
