import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type Envoy, type EnvoyConfig, startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioRetryPolicy, rejectedListener, tcpListener } from './envoy-resources.ts';
import { freePort } from './free-port.ts';
import { startPilotAgent } from './pilot-agent.ts';

export interface SidecarOptions {
  /** `istio`: node id, metadata and a status port as Istio sets them, with a stand-in for pilot-agent behind it. `plain`: an Envoy that knows no mesh. */
  kind: 'istio' | 'plain';
  version?: string;
  /** Default: a free port. */
  adminPort?: number;
  /** Node metadata beside what Istio sets: labels and the like. */
  metadata?: EnvoyConfig;
}

export interface Sidecar {
  envoy: Envoy;
  adminUrl: string;
  /** Istio's 15021: `GET /healthz/ready`. On a plain Envoy nothing listens there. */
  readyUrl: string;
  /** The listener that leads to the upstream: refused until the sidecar carries traffic. */
  outboundUrl: string;
  /** Where the upstream behind the sidecar listens. */
  upstreamPort: number;
  /** How many requests reached the upstream behind the sidecar. */
  upstreamRequests(): number;
  /** The bootstrap, for starting the same sidecar anew after its end. */
  bootstrap: EnvoyConfig;
  controlPlane: ControlPlane;
  /** PRE_INITIALIZING -> INITIALIZING */
  deliverClusters(): void;
  /** INITIALIZING -> LIVE, and traffic flows. */
  deliverListeners(): void;
  /** INITIALIZING -> LIVE, but Envoy rejects the outbound listener: connections of the app are accepted and closed. */
  deliverRejectedListeners(): void;
  stop(): Promise<void>;
}

/** A real Envoy with a control plane that holds everything back, an upstream behind it and, on Istio, the agent beside it. */
export async function startSidecar({ kind, version, adminPort, metadata }: SidecarOptions): Promise<Sidecar> {
  const [admin, statusPort, outboundPort] = [adminPort ?? (await freePort()), await freePort(), await freePort()];
  const adminUrl = `http://127.0.0.1:${admin}`;
  const controlPlane = await startControlPlane();
  const agent = await startPilotAgent(() => adminUrl);
  const upstream = await startUpstream();
  const bootstrap =
    kind === 'istio'
      ? istioBootstrap({ controlPlanePort: controlPlane.port, agentPort: agent.port, statusPort, metadata })
      : plainBootstrap({ controlPlanePort: controlPlane.port });
  const stopRest = () => Promise.all([controlPlane.stop(), agent.stop(), upstream.stop()]);

  const envoy = await startEnvoy({ config: bootstrap, admin: { port: admin }, ...(version && { version }) }).catch(
    async (error: unknown) => {
      await stopRest();
      throw error;
    },
  );
  const upstreamCluster = cluster({ name: 'upstream', ports: [upstream.port] });
  const outbound = { name: 'outbound', port: outboundPort };
  return {
    envoy,
    adminUrl,
    readyUrl: `http://127.0.0.1:${statusPort}/healthz/ready`,
    outboundUrl: `http://127.0.0.1:${outboundPort}`,
    upstreamPort: upstream.port,
    upstreamRequests: upstream.requests,
    bootstrap,
    controlPlane,
    deliverClusters: () => controlPlane.publish('clusters', [upstreamCluster]),
    deliverListeners: () =>
      controlPlane.publish('listeners', [
        httpListener({ ...outbound, cluster: 'upstream', retryPolicy: istioRetryPolicy }),
      ]),
    deliverRejectedListeners: () =>
      controlPlane.publish('listeners', [
        tcpListener({ ...outbound, cluster: 'nobody-sent-this-cluster' }),
        rejectedListener({ name: 'rejected', port: statusPort + 1 }),
      ]),
    stop: async () => {
      await envoy.stop();
      await stopRest();
    },
  };
}

export interface BootstrapOptions {
  /** Of a control plane that speaks xDS over REST on 127.0.0.1. */
  controlPlanePort: number;
}

/** Clusters and listeners come from the control plane, without a limit on how long the first answer may take. */
export function plainBootstrap({ controlPlanePort }: BootstrapOptions): EnvoyConfig {
  const fromControlPlane = {
    resource_api_version: 'V3',
    initial_fetch_timeout: '0s',
    api_config_source: {
      api_type: 'REST',
      transport_api_version: 'V3',
      cluster_names: ['control-plane'],
      refresh_delay: '0.05s',
      request_timeout: '3600s',
    },
  };
  return {
    node: { id: 'plain-envoy', cluster: 'app' },
    static_resources: { clusters: [cluster({ name: 'control-plane', ports: [controlPlanePort] })] },
    dynamic_resources: { cds_config: fromControlPlane, lds_config: fromControlPlane },
  };
}

export interface IstioBootstrapOptions extends BootstrapOptions {
  /** Where the agent answers readiness (15020 in a pod). */
  agentPort: number;
  /** Where Envoy's static listener asks the agent (15021 in a pod). */
  statusPort: number;
  metadata?: EnvoyConfig | undefined;
}

/** What the mesh-shim can see of Istio's own bootstrap: the node's id, the status port in its metadata, and the static listener on that port. */
export function istioBootstrap(options: IstioBootstrapOptions): EnvoyConfig {
  const plain = plainBootstrap(options);
  const { clusters } = plain.static_resources as { clusters: EnvoyConfig[] };
  return {
    ...plain,
    node: {
      id: 'sidecar~10.0.0.1~app-1.default~default.svc.cluster.local',
      cluster: 'app.default',
      metadata: {
        NAME: 'app-1',
        NAMESPACE: 'default',
        ISTIO_VERSION: '1.31.0',
        INTERCEPTION_MODE: 'REDIRECT',
        LABELS: { app: 'app' },
        ...options.metadata,
        ENVOY_STATUS_PORT: options.statusPort,
      },
    },
    static_resources: {
      clusters: [...clusters, cluster({ name: 'agent', ports: [options.agentPort] })],
      listeners: [httpListener({ name: 'status', port: options.statusPort, cluster: 'agent' })],
    },
  };
}

async function startUpstream() {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.end('hello from the upstream\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
