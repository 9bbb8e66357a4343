import { type Envoy, type EnvoyConfig, startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioRetryPolicy } from './envoy-resources.ts';
import { freePort } from './free-port.ts';

/** Retry policies of the sidecar that the client must be safe under. */
export type RoutePolicy = 'istio' | 'none' | 'custom';

export interface HttpMesh {
  /** Where the application is to listen. */
  readonly appPort: number;
  /** A sidecar's outbound listener with that retry policy. */
  url(policy: RoutePolicy): string;
  /** A listener whose only endpoint is ejected after one failure: a second try finds `no healthy upstream`. */
  readonly ejectingUrl: string;
  readonly envoy: Envoy;
  stop(): Promise<void>;
}

const custom: EnvoyConfig = { retry_on: '5xx,reset', num_retries: 2 };
// Long pauses (they are jittered down to nothing), so that the ejection is there before the second try.
const patient: EnvoyConfig = { ...custom, retry_back_off: { base_interval: '2s', max_interval: '2s' } };

/** A real Envoy between a client and one application, once with each retry policy. */
export async function startHttpMesh(): Promise<HttpMesh> {
  const appPort = await freePort();
  const ports = {
    istio: await freePort(),
    none: await freePort(),
    custom: await freePort(),
    ejecting: await freePort(),
  };
  const ejecting: EnvoyConfig = {
    outlier_detection: {
      consecutive_local_origin_failure: 1,
      consecutive_gateway_failure: 1,
      enforcing_consecutive_gateway_failure: 100,
      consecutive_5xx: 1,
      max_ejection_percent: 100,
      base_ejection_time: '30s',
    },
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
  };
  const envoy = await startEnvoy({
    config: {
      static_resources: {
        listeners: [
          httpListener({ name: 'istio', port: ports.istio, cluster: 'app', retryPolicy: istioRetryPolicy }),
          httpListener({ name: 'none', port: ports.none, cluster: 'app' }),
          httpListener({ name: 'custom', port: ports.custom, cluster: 'app', retryPolicy: custom }),
          httpListener({ name: 'ejecting', port: ports.ejecting, cluster: 'ejecting', retryPolicy: patient }),
        ],
        clusters: [
          cluster({ name: 'app', ports: [appPort] }),
          cluster({ name: 'ejecting', ports: [appPort], extra: ejecting }),
        ],
      },
    },
  });
  return {
    appPort,
    url: (policy) => `http://127.0.0.1:${ports[policy]}`,
    ejectingUrl: `http://127.0.0.1:${ports.ejecting}`,
    envoy,
    stop: () => envoy.stop(),
  };
}
