import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';

const events = ['upgrade', 'connect'];

/** Tells of connections of HTTP/1.1 that become something else. */
export function watchUpgrades(server: Server, onUpgraded: (socket: Socket) => void): void {
  const onUpgrade = ({ socket, httpVersionMajor }: IncomingMessage) => {
    if (httpVersionMajor < 2) onUpgraded(socket);
  };
  const others = (name: string) => server.listeners(name).filter((listener) => listener !== onUpgrade);
  // Without a listener Node treats a request to upgrade as any other: ours may be there only while one of the app's is.
  const follow = (name: string, isWanted: boolean) => {
    server.removeListener(name, onUpgrade);
    if (isWanted) server.prependListener(name, onUpgrade);
  };
  for (const name of events) if (server.listenerCount(name) > 0) follow(name, true);
  server.on('newListener', (name: string, listener) => {
    if (events.includes(name) && listener !== onUpgrade) follow(name, true);
  });
  server.on('removeListener', (name: string, listener) => {
    if (events.includes(name) && listener !== onUpgrade && others(name).length === 0) follow(name, false);
  });
}
