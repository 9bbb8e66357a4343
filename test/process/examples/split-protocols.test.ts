import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyExample } from '../../helpers/example-copy.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { startProgram } from '../../helpers/program.ts';
import { serverMissing, startServer } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

describe.skipIf(serverMissing('haproxy'))('examples/split-protocols', () => {
  test('HTTP and TCP clients reach their listeners through one port, also a TCP client that waits for the greeting', async () => {
    const copy = copyExample('split-protocols');
    const app = startProgram(join(copy.folder, 'app.ts'), [], { HTTP_PORT: '0', TCP_PORT: '0' });
    const { http, tcp } = await app.ready<{ http: number; tcp: number }>();
    const port = await freePort();
    const haproxy = startServer('haproxy', 'examples/split-protocols/haproxy.cfg', {
      8080: port,
      8081: http,
      8082: tcp,
    });
    const talk = async (text: string, expected: string) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk;
      });
      await once(socket, 'connect');
      if (text) socket.write(text);
      await until(expected, () => got.includes(expected));
      socket.destroy();
      return got;
    };
    try {
      await until('HAProxy', async () => (await fetch(`http://${ownAddress()}:${port}`)).ok); // as the sidecar comes
      expect((await fetch(`http://[::1]:${port}`)).ok).toBe(true);
      expect(await (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x' })).text()).toBe(
        'hello over HTTP\n',
      );
      expect(await talk('GETTING started\n', 'you said')).toBe('hello over TCP\nyou said GETTING started\n');
      expect(await talk('', 'hello')).toBe('hello over TCP\n');
    } finally {
      await haproxy.stop();
      app.kill();
      copy.remove();
    }
  });
});
