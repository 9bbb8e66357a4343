import { expect, test } from 'vitest';
import { checkGrpcHealth } from '../helpers/grpc-health-client.ts';
import { until } from '../helpers/until.ts';

test('the built library finds the thread of its health server', async () => {
  const built = new URL('../../dist/index.mjs', import.meta.url).href;
  const { createHealthServer } = (await import(built)) as typeof import('../../src/index.ts');
  const health = await createHealthServer({ port: 0, worker: true });
  health.setState('ready');
  await until('ready', async () => (await fetch(`${health.url}/readyz`)).status === 200);
  expect(await checkGrpcHealth(health.port, 'readiness')).toBe('SERVING');
  await health.close();
  expect(health.state).toBe('stopped');
});
