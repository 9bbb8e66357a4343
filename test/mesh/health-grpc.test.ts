import { afterEach, describe, expect, it } from 'vitest';
import { createHealthServer, type HealthServer } from '../../src/health/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { type Envoy, envoyMissing, startEnvoy } from '../helpers/envoy.ts';
import { cluster } from '../helpers/envoy-resources.ts';
import { until } from '../helpers/until.ts';

// Envoy's health checker is gRPC's second public client of grpc.health.v1 beside the kubelet's, and keeps its connection.

describe.skipIf(envoyMissing()).each([false, true])('asked by a real Envoy, worker: %s', (worker) => {
  let health: HealthServer;
  let envoy: Envoy;
  afterEach(async () => {
    await envoy.stop();
    await health.close();
  });

  it('an endpoint is healthy while the app is ready', async () => {
    health = await createHealthServer({ port: 0, host: '127.0.0.1', worker, logger: silentLogger });
    const check = { timeout: '1s', interval: '0.05s', no_traffic_interval: '0.05s', healthy_threshold: 1 };
    const healthChecks = [{ ...check, unhealthy_threshold: 1, grpc_health_check: { service_name: 'readiness' } }];
    const http2 = { explicit_http_config: { http2_protocol_options: {} } };
    const protocols = {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      ...http2,
    };
    const extra = {
      health_checks: healthChecks,
      typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': protocols },
    };
    const clusters = [cluster({ name: 'app', ports: [health.port], extra })];
    envoy = await startEnvoy({ config: { static_resources: { clusters, listeners: [] } } });
    const stat = async (name: string) => {
      const text = await (await fetch(`${envoy.adminUrl}/stats?filter=^cluster\\.app\\.`)).text();
      return Number(new RegExp(`^cluster\\.app\\.${name}: (\\d+)$`, 'm').exec(text)?.[1]);
    };
    await until('checks that fail', async () => (await stat('health_check.failure')) > 1);
    expect(await stat('membership_healthy')).toBe(0);
    health.setState('ready');
    await until('a healthy endpoint', async () => (await stat('membership_healthy')) === 1);
    const before = await stat('upstream_cx_total');
    const asked = await stat('health_check.success');
    await until('more checks', async () => (await stat('health_check.success')) > asked + 5);
    expect(await stat('upstream_cx_total')).toBe(before);
    health.setState('draining');
    await until('no healthy endpoint', async () => (await stat('membership_healthy')) === 0);
    expect(await stat('health_check.network_failure')).toBe(0);
  });
});
