import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { envoyMissing, startEnvoy } from '../../helpers/envoy.ts';
import { cluster, httpListener } from '../../helpers/envoy-resources.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { serverMissing, startServer } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

describe.skipIf(envoyMissing() || serverMissing('nginx'))(
  'examples/nginx-http10, through a real nginx and a real Envoy',
  () => {
    test.each([
      ['before', 426, 0],
      ['after', 200, 1],
    ])('%s.conf: %i', async (name, status, delivered) => {
      let requests = 0;
      const app = createServer((_request, response) => {
        requests++;
        response.end('ok');
      });
      await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
      const [port, envoyPort] = [await freePort(), await freePort()];
      const clusters = [cluster({ name: 'app', ports: [(app.address() as AddressInfo).port] })];
      const listeners = [httpListener({ name: 'out', port: envoyPort, cluster: 'app' })];
      const envoy = await startEnvoy({ config: { static_resources: { clusters, listeners } } });
      const nginx = startServer('nginx', `examples/nginx-http10/${name}.conf`, { 8080: port, 8081: envoyPort });
      try {
        // 502 is nginx itself, while Envoy's listener is not up yet.
        const response = await until('nginx and Envoy', async () => {
          const reply = await fetch(`http://${ownAddress()}:${port}`); // as others reach it
          return reply.status === 502 ? null : reply;
        });
        expect(response.status).toBe(status);
        expect(requests).toBe(delivered);
      } finally {
        await nginx.stop();
        await envoy.stop();
        app.close();
      }
    });
  },
);

test('the two files differ by the cure alone', () => {
  const lines = (name: string) =>
    readFileSync(new URL(`../../../examples/nginx-http10/${name}.conf`, import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => !line.trim().startsWith('#'));
  const before = lines('before');
  expect(
    lines('after')
      .filter((line) => !before.includes(line))
      .map((line) => line.trim()),
  ).toEqual(['proxy_http_version 1.1;', 'proxy_set_header Connection "";']);
});
