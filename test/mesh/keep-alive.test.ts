import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { keepAliveFor } from '../../src/lifecycle/index.ts';
import { envoyMissing, startEnvoy } from '../helpers/envoy.ts';
import { cluster, httpListener, istioRetryPolicy } from '../helpers/envoy-resources.ts';
import { freePort } from '../helpers/free-port.ts';
import { startProgram } from '../helpers/program.ts';
import { until } from '../helpers/until.ts';

describe.skipIf(envoyMissing())('a request that meets the end of an idle connection, through a real Envoy', () => {
  test.each([
    ['default', 503, /connection termination|reset/],
    ['aligned', 200, /^ok$/],
  ])('keep-alive %s: %i', async (mode, status, body) => {
    const app = startProgram('test/fixtures/lifecycle/keep-alive.ts', [mode]);
    const { port: upstream } = await app.ready<{ port: number }>();
    const port = await freePort();
    const envoy = await startEnvoy({
      config: {
        static_resources: {
          clusters: [cluster({ name: 'app', ports: [upstream] })],
          listeners: [httpListener({ name: 'in', port, cluster: 'app', retryPolicy: istioRetryPolicy })],
        },
      },
    });
    const post = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' });
    try {
      await until('traffic', async () => (await post('/then-be-busy')).ok);
      await until('the busy loop', () => app.lines.includes('busy'));
      const response = await post('/');
      expect(response.status).toBe(status);
      expect(await response.text()).toMatch(body);
    } finally {
      await envoy.stop();
      app.kill();
    }
  });
});

test('limits are raised together, longer ones and 0 are kept', () => {
  const server = keepAliveFor(createServer());
  expect(server).toMatchObject({ keepAliveTimeout: 3_605_000, headersTimeout: 3_605_000, requestTimeout: 3_605_000 });
  expect(keepAliveFor(createServer({ requestTimeout: 0 })).requestTimeout).toBe(0);
  expect(keepAliveFor(createServer({ keepAliveTimeout: 60_000 }), { proxyIdleMs: 1_000 }).keepAliveTimeout).toBe(
    60_000,
  );
  expect(() => keepAliveFor(server, { proxyIdleMs: 0 })).toThrow(
    'keepAliveFor: proxyIdleMs must be a number of milliseconds from 1 to',
  );
});
