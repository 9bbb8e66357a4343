/** What a port's declaration can say, as in a Kubernetes Service; every field is optional there too. */
export interface PortDeclaration {
  /**
   * The port's name; what stands before its first `-` counts.
   *
   * Must be a string. Default: none.
   */
  readonly name?: string | undefined;
  /**
   * Wins over the name, even where Istio does not know it.
   *
   * Must be a string. Default: none.
   */
  readonly appProtocol?: string | undefined;
  /**
   * The port of the Service, or of the pod where `targetPort` is left out.
   *
   * Must be an integer from 1 to 65535. Default: none.
   */
  readonly port?: number | undefined;
  /**
   * How the bytes travel; what they mean is `appProtocol`'s.
   *
   * Must be 'TCP', 'UDP' or 'SCTP'. Default: `'TCP'`.
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP' | (string & {}) | undefined;
}

/** The protocols that Istio can be told of, in the spelling of a port's name. */
export const declaredProtocols = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
] as const;

export type DeclaredProtocol = (typeof declaredProtocols)[number];

/**
 * What the sidecar does with the bytes: `http` parses them, `tcp` and `tls` pass them on (`tls` reads the server name),
 * `sniffed` waits for the client's first bytes to decide between HTTP and TCP, `outside` never sees them.
 */
export type PortHandling = 'http' | 'tcp' | 'tls' | 'sniffed' | 'outside';

export interface PortProtocol {
  readonly protocol: DeclaredProtocol | 'sctp' | 'unknown';
  readonly handling: PortHandling;
  /** What decided. */
  readonly source: 'protocol' | 'appProtocol' | 'name' | 'well-known-port' | 'none';
  /** The same for a person, in one sentence without its full stop. */
  readonly reason: string;
}

/** Names that Kubernetes itself defines for appProtocol. They are exact: no other case, never as a port's name. */
const kubernetesAppProtocols: Readonly<Record<string, DeclaredProtocol | undefined>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
};

/** Ports that are never sniffed, since their old protocols would hang: SMTP, DNS, MySQL, MongoDB. */
export const wellKnownTcpPorts: readonly number[] = [25, 53, 3306, 27017];

const handlings: Readonly<Record<DeclaredProtocol, PortHandling>> = {
  tcp: 'tcp',
  udp: 'outside',
  grpc: 'http',
  'grpc-web': 'http',
  http: 'http',
  http_proxy: 'http',
  http2: 'http',
  https: 'tls',
  tls: 'tls',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
};

/**
 * The protocol that Istio uses for a port, and why. The rules are those of Istio's `ConvertProtocol` (1.31): UDP by the
 * `protocol`; else `appProtocol`, else the name, each up to its first `-` and in any case; an unknown one is sniffed,
 * unless the port is well known. SCTP is not asked about there; the sidecar captures TCP only.
 */
export function portProtocol(declaration: PortDeclaration): PortProtocol {
  const { protocol: transport = 'TCP', appProtocol, name, port } = declaration;
  if (transport !== 'TCP') {
    const reason = `${transport} does not pass through the sidecar: no mTLS, no policy`;
    return { protocol: transport === 'UDP' ? 'udp' : 'sctp', handling: 'outside', source: 'protocol', reason };
  }
  const source = appProtocol === undefined ? 'name' : 'appProtocol';
  const text = appProtocol ?? name ?? '';
  const declared = (source === 'appProtocol' ? kubernetesAppProtocol(text) : undefined) ?? protocolOfPrefix(text);
  if (declared !== undefined) {
    return {
      protocol: declared,
      handling: handlings[declared],
      source,
      reason: `${source} ${quote(text)} declares it`,
    };
  }
  const undeclared =
    text === '' ? 'nothing declares a protocol' : `${source} ${quote(text)} is no protocol that Istio knows`;
  if (port !== undefined && wellKnownTcpPorts.includes(port)) {
    const reason = `${undeclared}, and port ${port} is one of those that are TCP by default`;
    return { protocol: 'tcp', handling: 'tcp', source: 'well-known-port', reason };
  }
  const reason = `${undeclared}, so the sidecar waits for the client's first bytes to tell HTTP from TCP`;
  return { protocol: 'unknown', handling: 'sniffed', source: 'none', reason };
}

function kubernetesAppProtocol(text: string): DeclaredProtocol | undefined {
  return Object.hasOwn(kubernetesAppProtocols, text) ? kubernetesAppProtocols[text] : undefined;
}

/** `http-web` is http. grpc-web holds the separator itself and is matched first, whatever follows it. */
export function protocolOfPrefix(text: string): DeclaredProtocol | undefined {
  const lower = text.toLowerCase();
  if (lower.startsWith('grpc-web')) return 'grpc-web';
  const dash = lower.indexOf('-');
  const prefix = dash === -1 ? lower : lower.slice(0, dash);
  return declaredProtocols.find((protocol) => protocol === prefix);
}

function quote(text: string): string {
  return `"${text}"`;
}
