import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** What an Envoy's admin has of loggers: `POST /logging` lists them, `?level=` sets all, `?NAME=` one. */
export interface StandInAdmin {
  readonly url: string;
  readonly levels: Map<string, string>;
  /** Method and path of each request so far. */
  readonly requests: string[];
  /** When set, every request is answered with this. */
  answer: { status: number; body: string } | undefined;
  /** How many connections are open. It never closes one by itself. */
  connections(): Promise<number>;
}

/** Serves on a free port of 127.0.0.1, or on the Unix socket of this path, until the test has finished. */
export async function startStandInAdmin(levels: Record<string, string>, socketPath?: string): Promise<StandInAdmin> {
  const server = createServer((request, response) => {
    admin.requests.push(`${request.method} ${request.url}`);
    if (admin.answer) {
      response.writeHead(admin.answer.status).end(admin.answer.body);
      return;
    }
    for (const [name, level] of new URL(request.url ?? '', 'http://x').searchParams) {
      for (const logger of name === 'level' ? [...admin.levels.keys()] : [name]) admin.levels.set(logger, level);
    }
    response.end(`active loggers:\n${[...admin.levels].map(([name, level]) => `  ${name}: ${level}\n`).join('')}\n`);
  });
  server.keepAliveTimeout = 0;
  server.listen(socketPath === undefined ? { port: 0, host: '127.0.0.1' } : { path: socketPath });
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url =
    socketPath === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${socketPath}`;
  const admin: StandInAdmin = {
    url,
    levels: new Map(Object.entries(levels)),
    requests: [],
    answer: undefined,
    connections: () => promisify(server.getConnections.bind(server))(),
  };
  return admin;
}
