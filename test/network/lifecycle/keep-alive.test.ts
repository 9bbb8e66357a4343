import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { keepAliveFor } from '../../../src/lifecycle/index.ts';

test('a proxy may keep idle connections for as long as a timer can wait', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  const server = keepAliveFor(
    createServer((_, reply) => reply.end('x')),
    { proxyIdleMs: 2 ** 31 - 1 },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  for (let request = 0; request < 2; request++) {
    const [reply] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
    await once(reply.resume(), 'end');
    await new Promise(setImmediate);
  }
  agent.destroy();
  server.close();
  await once(server, 'close');
  process.off('warning', onWarning);
  expect(warnings.map(String)).toEqual([]);
});
