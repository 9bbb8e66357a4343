import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endEventSource, isEventSource } from './event-source.ts';
import { createSilence } from './silence.ts';
import { waitsForPeer } from './waits-for-peer.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
}

/** Requests of HTTP/1.1 whose replies have not ended, by their connection, in their order. */
export interface Exchanges {
  add(request: IncomingMessage, reply: ServerResponse): void;
  /** How many there are on a connection. */
  on(socket: Socket): number;
  /** From now on the last reply of each connection says `Connection: close`. */
  announce(): void;
  /** From now on a connection is ended with its last reply, whatever the reply said. */
  close(): void;
  /** Ends what waits for a peer that says nothing. */
  sweep(now: number): void;
}

export function createExchanges(peerTimeoutMs: number): Exchanges {
  const open = new Map<Socket, Exchange[]>();
  const announced = new WeakSet<ServerResponse>();
  const silence = createSilence();
  let announcing = false;
  let closedAt: number | undefined;

  const announce = ({ reply }: Exchange) => {
    if (reply.headersSent) return;
    reply.setHeader('connection', 'close');
    announced.add(reply);
  };
  /** Another request came on the same connection: with the word in an earlier reply Node would drop the later ones. */
  const takeBack = ({ reply }: Exchange) => {
    if (!reply.headersSent && announced.delete(reply)) reply.removeHeader('connection');
  };

  return {
    add(request, reply) {
      const { socket } = request;
      const exchange = { request, reply };
      const others = open.get(socket) ?? [];
      open.set(socket, [...others, exchange]);
      if (announcing) {
        others.forEach(takeBack);
        announce(exchange);
      }
      reply.once('close', () => {
        const rest = (open.get(socket) ?? []).filter((other) => other !== exchange);
        if (rest.length > 0) return void open.set(socket, rest);
        open.delete(socket);
        // Headers that were sent before the closing promised to keep the connection.
        if (closedAt !== undefined) socket.end();
      });
    },
    on: (socket) => open.get(socket)?.length ?? 0,
    announce() {
      announcing = true;
      for (const exchanges of open.values()) exchanges.slice(-1).forEach(announce);
    },
    close() {
      this.announce();
      closedAt = performance.now();
    },
    sweep(now) {
      for (const [socket, exchanges] of open) {
        const isSilent = silence.ofPeer(socket, now) >= peerTimeoutMs;
        if (isSilent && exchanges.some(({ request }) => !request.complete && waitsForPeer(request))) socket.destroy();
        if (closedAt === undefined || now - closedAt < peerTimeoutMs) continue;
        for (const { request, reply } of exchanges) {
          if (!reply.headersSent) continue;
          if (isEventSource(request.method, request.headers.accept, reply.getHeader('content-type'))) {
            endEventSource(reply, socket);
          }
        }
      }
    },
  };
}
