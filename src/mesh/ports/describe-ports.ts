import { type PortDeclaration, type PortProtocol, portProtocol, protocolOfPrefix } from './port-protocol.ts';
import { findReservedPort, findServerFirstPort } from './ports.ts';

/** One port of a Service, or of a pod where `targetPort` is left out. */
export interface DescribedPort extends PortDeclaration {
  /**
   * The port of the Service, or of the pod where `targetPort` is left out.
   *
   * Must be an integer from 1 to 65535. There is no default.
   */
  readonly port: number;
  /**
   * Where the app listens.
   *
   * Must be an integer from 1 to 65535, or the name of a container's port. Default: `port`.
   */
  readonly targetPort?: number | string | undefined;
  /**
   * Read over: no sidecar sees it.
   *
   * Must be an integer from 0 to 65535. Default: none.
   */
  readonly nodePort?: number | undefined;
  /**
   * Whether the app's own traffic or probes arrive here.
   *
   * Must be 'app' or 'health'. Default: `'app'`.
   */
  readonly use?: 'app' | 'health' | undefined;
}

/** Every code that a finding can have, with its severity. */
export const portFindingSeverities = {
  'reserved-port': 'error',
  'server-first': 'error',
  'mixed-protocols': 'error',
  'health-port-shared': 'error',
  'udp-name-on-tcp': 'error',
  'name-contradicts': 'warning',
  'outside-mesh': 'warning',
  undeclared: 'info',
} as const;

export type PortFindingCode = keyof typeof portFindingSeverities;

export interface PortFinding {
  readonly code: PortFindingCode;
  readonly severity: 'error' | 'warning' | 'info';
  /** The declared port that the finding is about. */
  readonly port: number;
  /** What is wrong, what follows, what to do: for a person, one line. */
  readonly message: string;
}

/** What a mesh will make of these ports that their owner may not expect; empty when nothing. */
export function describePorts(ports: readonly DescribedPort[]): PortFinding[] {
  return [...ports.flatMap(describePort), ...describeSharing(ports)];
}

function describePort(declared: DescribedPort): PortFinding[] {
  const findings: PortFinding[] = [];
  const { port, name, appProtocol, protocol: transport } = declared;
  const protocol = portProtocol(declared);
  const listens = declared.targetPort ?? port;

  // A container's port that is known by its name only may be any.
  const number = typeof listens === 'number' ? listens : undefined;
  const reserved = number === undefined ? undefined : findReservedPort(number, transport);
  if (reserved !== undefined) {
    const taken = `port ${listens} is ${reserved.purpose}`;
    findings.push(finding('reserved-port', port, `${taken}; the app cannot listen there: choose another port`));
  }

  const serverFirst =
    protocol.source === 'protocol'
      ? undefined
      : (findServerFirstPort(port) ?? (number === undefined ? undefined : findServerFirstPort(number)));
  // A number proves nothing against a declaration: a port that is declared HTTP is taken for HTTP.
  if (serverFirst !== undefined && protocol.handling === 'sniffed') {
    findings.push(finding('server-first', port, serverFirstMessage(serverFirst.protocol, port, protocol)));
  } else if (protocol.handling === 'sniffed') {
    findings.push(
      finding('undeclared', port, `port ${port}: ${protocol.reason}; set appProtocol or name it http-..., tcp-...`),
    );
  }

  if (protocol.source === 'protocol') {
    findings.push(finding('outside-mesh', port, `port ${port}: ${protocol.reason}; guard it with a NetworkPolicy`));
  } else if (protocol.protocol === 'udp') {
    const message = `port ${port}: ${protocol.reason} as UDP, but its protocol is TCP: Istio leaves it out of the mesh; name it tcp-...`;
    findings.push(finding('udp-name-on-tcp', port, message));
  }

  const named = appProtocol === undefined ? undefined : protocolOfPrefix(name ?? '');
  if (named !== undefined && protocol.source !== 'protocol' && named !== protocol.protocol) {
    const message = `port ${port}: its name "${name}" says ${named}, its appProtocol "${appProtocol}" wins; make them agree`;
    findings.push(finding('name-contradicts', port, message));
  }
  return findings;
}

function serverFirstMessage(spoken: string, port: number, { reason }: PortProtocol): string {
  return `port ${port} is usually ${spoken}, where the server speaks first, and ${reason}: connections hang; set appProtocol: tcp`;
}

/** Findings about declarations that lead to one and the same listening port. */
function describeSharing(ports: readonly DescribedPort[]): PortFinding[] {
  const findings: PortFinding[] = [];
  ports.forEach((later, index) => {
    const listens = later.targetPort ?? later.port;
    const sharers = ports.slice(0, index).filter((other) => (other.targetPort ?? other.port) === listens);
    const sameTransport = sharers.filter((other) => (other.protocol ?? 'TCP') === (later.protocol ?? 'TCP'));

    if (sameTransport.some((other) => (other.use ?? 'app') !== (later.use ?? 'app'))) {
      const message = `port ${listens} serves both the app and its health: under STRICT mTLS plain probes fail, and a port that is opened for probes is open to all; give health a port of its own`;
      findings.push(finding('health-port-shared', later.port, message));
    }
    const protocols = [...sameTransport, later].map(portProtocol);
    const last = protocols.at(-1);
    const other = protocols.find(({ protocol }) => protocol !== last?.protocol);
    if (last !== undefined && other !== undefined) {
      const message = `port ${listens} is declared ${spell(other)} and ${spell(last)}: the sidecar can treat it as one only, and the oldest declaration wins; use a port for each protocol`;
      findings.push(finding('mixed-protocols', later.port, message));
    }
  });
  return findings;
}

function spell({ protocol, handling }: PortProtocol): string {
  return handling === 'sniffed' ? 'without a protocol' : protocol;
}

function finding(code: PortFindingCode, port: number, message: string): PortFinding {
  return { code, severity: portFindingSeverities[code], port, message };
}
