import { type Envoy, startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioInboundRetryPolicy, istioRetryPolicy } from './envoy-resources.ts';
import { freePort } from './free-port.ts';

export interface TwoSidecars {
  /** Where the replicas of the application are to listen, each behind an inbound listener of its own. */
  readonly appPorts: readonly number[];
  /** The outbound listener of the client's sidecar. */
  readonly url: string;
  stop(): Promise<void>;
}

// As Istio sets them for every cluster: Envoy's own default of three retries at a time would leave some tries without.
const most = 2 ** 32 - 1;
const istioLimits = {
  circuit_breakers: {
    thresholds: [{ max_connections: most, max_pending_requests: most, max_requests: most, max_retries: most }],
  },
};

/** Two real Envoys with Istio's default policies: the client's sidecar sends to the service's, which sends to the application. */
export async function startTwoSidecars(replicas = 1): Promise<TwoSidecars> {
  const ports = await Promise.all(
    Array.from({ length: replicas }, async () => ({ app: await freePort(), inbound: await freePort() })),
  );
  const service = await startEnvoy({
    config: {
      static_resources: {
        listeners: ports.map(({ inbound }, at) =>
          httpListener({ name: `in${at}`, port: inbound, cluster: `app${at}`, retryPolicy: istioInboundRetryPolicy }),
        ),
        clusters: ports.map(({ app }, at) => cluster({ name: `app${at}`, ports: [app], extra: istioLimits })),
      },
    },
  });
  const port = await freePort();
  let client: Envoy;
  try {
    client = await startEnvoy({
      config: {
        static_resources: {
          listeners: [httpListener({ name: 'out', port, cluster: 'service', retryPolicy: istioRetryPolicy })],
          clusters: [cluster({ name: 'service', ports: ports.map(({ inbound }) => inbound), extra: istioLimits })],
        },
      },
    });
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    appPorts: ports.map(({ app }) => app),
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await Promise.all([client.stop(), service.stop()]);
    },
  };
}
