import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import process from 'node:process';

// Below the kernel's ephemeral range, where a client's outgoing connection could take a port between our look and the
// program's bind. Each worker of a test run has a part of its own, so that files that run at the same time never meet.
const [firstPort, portsOfWorker, workers] = [20_000, 700, 16];
const partStart = firstPort + (Number(process.env.VITEST_POOL_ID ?? 0) % workers) * portsOfWorker;
const given = new Set<number>();

/**
 * A TCP port of loopback on which nothing listens, for programs that must be told their port before they start. It is given
 * once, and chosen at random, with no seed: two runs on one machine share these ports.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = partStart + randomInt(portsOfWorker);
    if (given.has(port)) continue;
    given.add(port);
    if (given.size > portsOfWorker / 2) given.clear();
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
