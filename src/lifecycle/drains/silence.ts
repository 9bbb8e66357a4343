import type { Socket } from 'node:net';

interface Traffic {
  read: number;
  written: number;
  since: number;
}

/** For how long nothing has gone over a connection, as far as whoever asks again and again can see. */
export interface Silence {
  /** Milliseconds, from the first question on. */
  ofPeer(socket: Socket, now: number): number;
  ofBoth(socket: Socket, now: number): number;
}

export function createSilence(): Silence {
  const peers = new WeakMap<Socket, Traffic>();
  const both = new WeakMap<Socket, Traffic>();
  const measure = (known: WeakMap<Socket, Traffic>, socket: Socket, written: number, now: number) => {
    const read = socket.bytesRead;
    const last = known.get(socket);
    if (last !== undefined && last.read === read && last.written === written) return now - last.since;
    known.set(socket, { read, written, since: now });
    return 0;
  };
  return {
    ofPeer: (socket, now) => measure(peers, socket, 0, now),
    ofBoth: (socket, now) => measure(both, socket, socket.bytesWritten, now),
  };
}
