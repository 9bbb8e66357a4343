import type { Socket } from 'node:net';
import { createSilence } from './silence.ts';

/** How long a connection that was ended may take to go. */
const endingMs = 1_000;

/** Connections whose protocol nobody here knows: those of plain TCP, and of HTTP after an upgrade. */
export interface RawSockets {
  watch(socket: Socket): void;
  has(socket: Socket): boolean;
  /** Ends those on which nobody owes an answer and nothing has been said for `peerTimeoutMs`. */
  sweep(now: number): void;
}

export function createRawSockets(peerTimeoutMs: number): RawSockets {
  /** How much had been read when it was last written to: whatever came later is not answered yet. */
  const answered = new Map<Socket, number>();
  const ended = new WeakMap<Socket, number>();
  const silence = createSilence();
  return {
    watch(socket) {
      if (answered.has(socket)) return;
      answered.set(socket, socket.bytesRead);
      socket.once('close', () => answered.delete(socket));
      const { write } = socket;
      socket.write = (...words: unknown[]) => {
        answered.set(socket, socket.bytesRead);
        return Reflect.apply(write, socket, words);
      };
    },
    has: (socket) => answered.has(socket),
    sweep(now) {
      for (const [socket, read] of answered) {
        const endedAt = ended.get(socket);
        if (endedAt !== undefined) {
          if (now - endedAt >= endingMs) socket.destroy();
        } else if (silence.ofBoth(socket, now) >= peerTimeoutMs && socket.bytesRead <= read) {
          ended.set(socket, now);
          socket.end();
        }
      }
    },
  };
}
