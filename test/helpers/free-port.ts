import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A TCP port of loopback on which nothing listens, for programs that must be told their port before they start.
 *
 * It lies below the kernel's ephemeral range, where a client's outgoing connection could take it between our look and the program's bind,
 * and is chosen at random, so that test files that run at the same time do not meet.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if ((await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))) return port;
  }
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has nobody on ::1 either.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
