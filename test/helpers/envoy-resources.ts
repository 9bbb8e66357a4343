import type { EnvoyConfig } from './envoy.ts';

const type = (name: string) => ({ '@type': `type.googleapis.com/${name}` });

export const socketAddress = (port: number, address = '127.0.0.1'): EnvoyConfig => ({
  socket_address: { address, port_value: port },
});

export interface ClusterOptions {
  name: string;
  /** Ports of 127.0.0.1 where its endpoints listen; none: `no healthy upstream`. */
  ports: number[];
  connectTimeoutMs?: number;
  /** More fields of envoy.config.cluster.v3.Cluster. */
  extra?: EnvoyConfig;
}

/** An upstream cluster with fixed endpoints on loopback. */
export function cluster({ name, ports, connectTimeoutMs = 10_000, extra }: ClusterOptions): EnvoyConfig {
  const endpoints = ports.map((port) => ({ endpoint: { address: socketAddress(port) } }));
  return {
    name,
    type: 'STATIC',
    connect_timeout: `${connectTimeoutMs / 1000}s`,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
    ...extra,
  };
}

/** What Istio (since 1.24) sets on every outbound HTTP route unless a VirtualService says otherwise: 3 attempts, only for requests that were never processed. */
export const istioRetryPolicy: EnvoyConfig = {
  retry_on: 'connect-failure,refused-stream,unavailable,cancelled',
  num_retries: 2,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: type('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
    },
  ],
  host_selection_retry_max_attempts: '5',
};

/** What Istio (since 1.24) sets on every inbound HTTP route: only for requests of which the app has read nothing. */
export const istioInboundRetryPolicy: EnvoyConfig = { retry_on: 'reset-before-request', num_retries: 2 };

export interface HttpListenerOptions {
  name: string;
  /** On 127.0.0.1. */
  port: number;
  cluster: string;
  /** Default: none. */
  retryPolicy?: EnvoyConfig;
  /** Of the whole request; 0, the default, is none, as Istio sets it. */
  timeoutMs?: number;
  /** Refuse the listener when its cluster is not known. */
  validateClusters?: boolean;
  /** More fields of the RouteAction. */
  route?: EnvoyConfig;
  /** HTTP filters before the router. */
  filters?: EnvoyConfig[];
}

/** A listener that sends every HTTP request to one cluster. */
export function httpListener(options: HttpListenerOptions): EnvoyConfig {
  const route = {
    cluster: options.cluster,
    timeout: `${(options.timeoutMs ?? 0) / 1000}s`,
    ...(options.retryPolicy && { retry_policy: options.retryPolicy }),
    ...options.route,
  };
  return {
    name: options.name,
    address: socketAddress(options.port),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              ...type('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
              stat_prefix: options.name,
              route_config: {
                name: options.name,
                validate_clusters: options.validateClusters ?? false,
                virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route }] }],
              },
              http_filters: [
                ...(options.filters ?? []),
                {
                  name: 'envoy.filters.http.router',
                  typed_config: type('envoy.extensions.filters.http.router.v3.Router'),
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

/** A listener that hands every connection's bytes to one cluster, as Istio does for ports that are not declared HTTP. */
export function tcpListener({ name, port, cluster }: { name: string; port: number; cluster: string }): EnvoyConfig {
  return {
    name,
    address: socketAddress(port),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.tcp_proxy',
            typed_config: {
              ...type('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'),
              stat_prefix: name,
              cluster,
            },
          },
        ],
      },
    ],
  };
}

/** A listener that Envoy rejects when it is delivered: its route names a cluster that nobody sent. */
export function rejectedListener({ name, port }: { name: string; port: number }): EnvoyConfig {
  return httpListener({ name, port, cluster: 'nobody-sent-this-cluster', validateClusters: true });
}
