import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { endEventSource, isEventSource } from './event-source.ts';
import { createSilence } from './silence.ts';
import { peerOf } from './sockets.ts';
import { waitsForPeer } from './waits-for-peer.ts';

/** The sessions of an HTTP/2 server. */
export interface Sessions {
  add(session: Http2Session): void;
  addStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  /** Asks clients to open no more streams here; those on their way are still served (RFC 9113, section 6.8). */
  announce(): void;
  close(): void;
  sweep(now: number): void;
  cut(): void;
}

/** More than any stream has: the first word of a GOAWAY in two steps. */
const anyStream = 2 ** 31 - 1;

/** @param socketAt finds the connection of a peer: a session hides it, and ends it no sooner than the peer does */
export function createSessions(peerTimeoutMs: number, socketAt: (peer: string) => Socket | undefined): Sessions {
  const sessions = new Set<Http2Session>();
  const streams = new Map<ServerHttp2Stream, IncomingHttpHeaders>();
  const silence = createSilence();
  const announced = new WeakSet<Http2Session>();
  let closedAt: number | undefined;

  const close = (session: Http2Session) => {
    if (session.destroyed || session.closed) return;
    const peer = peerOf(session.socket as Socket);
    // One that does not answer a ping has gone; what it has asked for reaches nobody.
    const limit = setTimeout(() => {
      session.destroy();
      socketAt(peer)?.destroy();
    }, peerTimeoutMs).unref();
    // In this order: a session that is closing sends none.
    session.ping((error) => {
      if (error === null) clearTimeout(limit);
    });
    session.close();
  };
  return {
    add(session) {
      if (sessions.has(session)) return;
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      if (closedAt !== undefined) close(session);
    },
    addStream(stream, headers) {
      if (stream.session !== undefined) this.add(stream.session);
      streams.set(stream, headers);
      stream.once('close', () => streams.delete(stream));
    },
    announce() {
      for (const session of sessions) {
        if (session.destroyed || announced.has(session)) continue;
        announced.add(session);
        session.goaway(constants.NGHTTP2_NO_ERROR, anyStream);
      }
    },
    close() {
      closedAt = performance.now();
      for (const session of sessions) close(session);
    },
    sweep(now) {
      if (closedAt === undefined) return;
      for (const [stream, { ':method': method, accept }] of streams) {
        const { session } = stream;
        if (session === undefined || session.destroyed) continue;
        const isSilent = silence.ofPeer(session.socket as Socket, now) >= peerTimeoutMs;
        const hasAll = stream.readableEnded || stream.endAfterHeaders;
        if (isSilent && !hasAll && (stream.writableEnded || waitsForPeer(stream))) {
          stream.close(stream.writableEnded ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
        }
        if (now - closedAt < peerTimeoutMs) continue;
        if (isEventSource(method, accept, stream.sentHeaders?.['content-type'])) endEventSource(stream);
      }
    },
    cut() {
      for (const session of sessions) session.destroy();
    },
  };
}
