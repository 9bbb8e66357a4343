/** What mesh-shim knows of each mesh's sidecar: how to see that it carries traffic, and how to tell it to quit. */
export interface MeshProfile {
  readonly title: string;
  /** Envoy's admin, where the sidecar is an Envoy that shows it. */
  readonly adminUrl?: string;
  /** The sidecar's own readiness address. Without an admin it decides alone. */
  readonly readyUrl?: string;
  /**
   * For an Envoy, what proves that it carries traffic once its state is LIVE: `ready-url`: its readiness address says
   * 200; `workers`: its workers have started; `by-identity`: the first if it is Istio's, else the second.
   */
  readonly proof?: 'ready-url' | 'workers' | 'by-identity';
  /** Where a POST makes the sidecar end. `/quitquitquit` of the admin where it is absent. */
  readonly quitUrl?: string;
  /** What a person must do when the quit address answers 404. */
  readonly quitNotFound?: string;
}

/**
 * Sources: the projects' own documentation. Istio: pilot-agent's status server. Linkerd: proxy admin; the shutdown
 * endpoint is off by default. Consul: consul-dataplane's lifecycle server. Kuma: data plane readiness reporter. Dapr: the health API; its
 * plain `/healthz` waits for the app itself, which would be a deadlock. Cloud SQL Auth Proxy: health checks and `--quitquitquit`.
 */
export const meshProfiles = {
  istio: {
    title: 'Istio',
    adminUrl: 'http://localhost:15000',
    readyUrl: 'http://localhost:15021/healthz/ready',
    proof: 'ready-url',
    quitUrl: 'http://localhost:15020/quitquitquit',
  },
  envoy: {
    title: 'Envoy',
    adminUrl: 'http://localhost:15000',
    proof: 'workers',
  },
  linkerd: {
    title: 'Linkerd',
    readyUrl: 'http://localhost:4191/ready',
    quitUrl: 'http://localhost:4191/shutdown',
    quitNotFound:
      'set the Helm value proxy.enableShutdownEndpoint to true (or the annotation config.linkerd.io/proxy-enable-shutdown-endpoint)',
  },
  consul: {
    title: 'Consul',
    adminUrl: 'http://localhost:19000',
    readyUrl: 'http://localhost:21000/ready',
    proof: 'workers',
    quitUrl: 'http://localhost:20600/graceful_shutdown',
    quitNotFound: 'enable the proxy lifecycle (annotation consul.hashicorp.com/enable-sidecar-proxy-lifecycle)',
  },
  kuma: {
    title: 'Kuma',
    readyUrl: 'http://localhost:9902/ready',
    quitUrl: 'http://localhost:9901/quitquitquit',
  },
  dapr: {
    title: 'Dapr',
    readyUrl: 'http://localhost:3500/v1.0/healthz/outbound',
    quitUrl: 'http://localhost:3500/v1.0/shutdown',
  },
  'cloud-sql-proxy': {
    title: 'Cloud SQL Auth Proxy',
    readyUrl: 'http://localhost:9090/startup',
    quitUrl: 'http://localhost:9091/quitquitquit',
    quitNotFound: 'start the proxy with --quitquitquit',
  },
} as const satisfies Record<string, MeshProfile>;

export type MeshName = keyof typeof meshProfiles;

export function isMeshName(text: string): text is MeshName {
  return Object.hasOwn(meshProfiles, text);
}

/**
 * The profile when nothing is said: an Envoy on Istio's port, which says by itself whether it is Istio's. Where the
 * admin is locked, Istio's readiness address alone decides.
 */
export const autoProfile: MeshProfile = { ...meshProfiles.istio, title: 'sidecar', proof: 'by-identity' };
