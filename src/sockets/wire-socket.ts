import type { Socket } from 'node:net';
import type { Connection, ConnectionEvents, TransportError } from '../mesh/ask/transport.ts';
import { transportErrorNamed } from '../mesh/ask/transport-failure.ts';

/** A socket of Node as a connection of the core; `ready` is the event at which it stands. */
export function wireSocket(socket: Socket, ready: 'connect' | 'secureConnect', events: ConnectionEvents): Connection {
  let over = false;
  const end = (error: TransportError): void => {
    if (over) return;
    over = true;
    socket.destroy();
    events.onEnd(error);
  };
  socket.on(ready, () => !over && events.onConnect());
  socket.on('data', (bytes) => !over && events.onData(bytes.toString('latin1')));
  socket.on('end', () => end({ kind: 'closed', code: 'closed by the peer' }));
  socket.on('error', (error: NodeJS.ErrnoException) => end(transportErrorNamed(error.code ?? error.message)));
  socket.on('close', () => end({ kind: 'closed', code: 'closed' }));
  return {
    send: (bytes) => void socket.write(bytes, 'latin1'),
    close() {
      over = true;
      socket.destroy();
    },
  };
}
