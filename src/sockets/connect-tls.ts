import { isIP } from 'node:net';
import type { Connection, ConnectionEvents, TcpAddress } from '../mesh/ask/transport.ts';
import { wireSocket } from './wire-socket.ts';

/** Connects over TLS with whoever answers: certificates are not looked at, as the kubelet does not look at a probe's. */
export function connectTls({ host, port }: TcpAddress, events: ConnectionEvents): Connection {
  let connection: Connection | undefined;
  let over = false;
  // Loaded only here: it costs milliseconds, and hardly anybody needs it.
  void import('node:tls').then(({ connect }) => {
    if (over) return;
    const servername = isIP(host) === 0 ? host : '';
    const socket = connect({ host, port, servername, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    connection = wireSocket(socket, 'secureConnect', events);
  });
  return {
    send: (bytes) => connection?.send(bytes),
    close() {
      over = true;
      connection?.close();
    },
  };
}
