import { type Envoy, startEnvoy } from './envoy.ts';
import { cluster, tcpListener } from './envoy-resources.ts';

/** A real Envoy that passes TCP on: it accepts every connection, whether anything listens at the upstream's port or not. */
export function startTcpProxy(port: number, upstreamPort: number): Promise<Envoy> {
  return startEnvoy({
    config: {
      static_resources: {
        clusters: [cluster({ name: 'db', ports: [upstreamPort] })],
        listeners: [tcpListener({ name: 'outbound', port, cluster: 'db' })],
      },
    },
  });
}
