import type { WebSocketEndpoint } from '../lifecycle-options.ts';
import { type Drain, sweepMs } from './drain.ts';

type Client = WebSocketEndpoint['clients'] extends Iterable<infer C> ? C : never;

/** Tells the clients of a WebSocketServer of ws to go, those too whose handshake ends late, and ends those that do not answer. */
export function createWebSocketDrain(endpoint: WebSocketEndpoint, peerTimeoutMs: number): Drain {
  const told = new Map<Client, number>();
  let closing = false;

  const tell = (client: Client) => {
    if (told.has(client)) return;
    told.set(client, performance.now());
    client.close(1001, 'the server is shutting down');
  };
  endpoint.on?.('connection', (client) => {
    if (closing) tell(client);
  });

  return {
    name: 'WebSocket server',
    close() {
      closing = true;
      return new Promise<void>((resolve, reject) => {
        const sweep = () => {
          try {
            const clients = [...endpoint.clients];
            clients.forEach(tell);
            const now = performance.now();
            for (const client of clients) if (now - (told.get(client) ?? now) >= peerTimeoutMs) client.terminate?.();
            if (clients.length > 0) return;
            resolve();
          } catch (error) {
            reject(error);
          }
          clearInterval(sweeping);
        };
        const sweeping = setInterval(sweep, sweepMs);
        sweep();
      });
    },
    cut() {
      const clients = [...endpoint.clients];
      for (const client of clients) client.terminate?.();
      return clients.length;
    },
  };
}
