import type { Dict } from '../read/values.ts';

/** Manifests that cure what no single field does. Fixes and `mesh-shim template` are made from these alone. */

export interface Target {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** STRICT everywhere but on these container ports, which take plain text too: a health port, or TLS of the app's own. */
export function permissivePorts({ name, namespace, labels }: Target, ports: readonly number[], mode?: string): Dict {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      ...(mode === undefined ? {} : { mtls: { mode } }),
      portLevelMtls: Object.fromEntries(ports.map((port) => [String(port), { mode: 'PERMISSIVE' }])),
    },
  };
}

/**
 * Lets datagrams in from the own namespace only. A policy that selects a pod shuts out all that it does not name, so it
 * lets TCP through: the mesh guards that.
 */
export function guardDatagrams(
  { name, namespace, labels }: Target,
  protocol: 'UDP' | 'SCTP',
  ports: readonly number[],
): Dict {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ protocol: 'TCP', port: 1, endPort: 65_535 }] },
        { from: [{ podSelector: {} }], ports: ports.map((port) => ({ protocol, port })) },
      ],
    },
  };
}

/** Members find and call each other by pod before they are ready, in mTLS, since every port is named. */
export function headlessTcp({ name, namespace, labels }: Target, ports: readonly number[]): Dict {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: labels,
      ports: ports.map((port) => ({ name: `tcp-${port}`, port, appProtocol: 'tcp' })),
    },
  };
}

/** A Service whose pods speak TLS themselves: the sidecar passes it on and does not parse it. */
export function ownTls({ name, namespace, labels }: Target, port: number, targetPort: number): Dict {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: labels, ports: [{ name: 'https', port, targetPort, appProtocol: 'https' }] },
  };
}

/** A host outside the mesh that is called over TLS. */
export function externalTls(name: string, namespace: string, host: string, port: number): Dict {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace },
    spec: {
      hosts: [host],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: port, name: 'tls', protocol: 'TLS' }],
    },
  };
}

/** An nginx in front of an upstream, to which it speaks HTTP/1.1 with connections that stay open. */
export function nginxHttp11(name: string, namespace: string, upstream: string, port: number): Dict {
  const lines = [`proxy_pass http://${upstream};`, 'proxy_http_version 1.1;', 'proxy_set_header Connection "";'];
  const location = lines.map((line) => `    ${line}\n`).join('');
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { 'default.conf': `server {\n  listen ${port};\n  location / {\n${location}  }\n}\n` },
  };
}

/** A Job whose pod completes: the sidecar is a native one. */
export function jobThatEnds(name: string, namespace: string, image: string): Dict {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: {
      template: {
        metadata: { annotations: { 'sidecar.istio.io/nativeSidecar': 'true' } },
        spec: { restartPolicy: 'Never', containers: [{ name, image }] },
      },
    },
  };
}
