import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../../src/health/listen.ts';

/** A server on a machine that answers each address with an error code or takes it: IPv6 cannot be switched off for a test. */
function machine(answers: Record<string, string>) {
  const tried: string[] = [];
  const server = Object.assign(new EventEmitter(), {
    listen({ host, port }: { host: string; port: number }, done: () => void) {
      tried.push(host);
      const code = answers[host];
      if (code) server.emit('error', Object.assign(new Error(`listen ${code} ${host}:${port}`), { code }));
      else done();
    },
    address: () => ({ address: tried.at(-1), port: 9000 }),
  });
  return { server: server as unknown as Server, tried };
}

test.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('without IPv6 (%s) it listens on IPv4', async (code) => {
  const { server, tried } = machine({ '::': code });
  expect(await listen(server, 9000)).toMatchObject({ address: '0.0.0.0' });
  expect(tried).toEqual(['::', '0.0.0.0']);
});

test('a host that was asked for is not replaced', async () => {
  const { server, tried } = machine({ '::1': 'EADDRNOTAVAIL' });
  await expect(listen(server, 9000, '::1')).rejects.toMatchObject({ code: 'HEALTH_LISTEN_FAILED' });
  expect(tried).toEqual(['::1']);
});

test('a port below 1024 without the right to it is said to be that', async () => {
  const { server } = machine({ '::': 'EACCES' });
  await expect(listen(server, 80)).rejects.toThrow('health server: cannot listen on port 80: listen EACCES');
});
