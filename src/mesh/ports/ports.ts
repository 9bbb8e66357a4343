/** A port that a sidecar takes in every pod; an app that binds it fails, or takes it from the sidecar. */
export interface ReservedPort {
  readonly port: number;
  readonly purpose: string;
  /** It listens on UDP as well as TCP. */
  readonly udp?: true;
}

/** Istio's own ports, from its deployment requirements ("Ports used by Istio"), 1.31. */
export const reservedPorts: readonly ReservedPort[] = [
  { port: 15000, purpose: "Envoy's admin interface" },
  { port: 15001, purpose: "Envoy's listener for captured outbound connections" },
  { port: 15002, purpose: "the init container's check of the iptables rules" },
  { port: 15004, purpose: "the agent's debug interface" },
  { port: 15006, purpose: "Envoy's listener for captured inbound connections" },
  { port: 15008, purpose: 'the HBONE tunnel' },
  { port: 15020, purpose: "the agent's merged metrics and probes" },
  { port: 15021, purpose: "the sidecar's readiness" },
  { port: 15053, purpose: "the agent's DNS proxy", udp: true },
  { port: 15090, purpose: "Envoy's Prometheus metrics" },
];

/** The entry of {@link reservedPorts} for this port, if it has one. `transport` is TCP, UDP or SCTP. */
export function findReservedPort(port: number, transport = 'TCP'): ReservedPort | undefined {
  return reservedPorts.find(
    (entry) => entry.port === port && (transport === 'TCP' || (transport === 'UDP' && entry.udp === true)),
  );
}

/** Whether the sidecar needs this port for itself, so that no app may listen on it. */
export function isReservedPort(port: number): boolean {
  return findReservedPort(port) !== undefined;
}

/** A protocol whose server speaks first, on the port where it is usually found. */
export interface ServerFirstPort {
  readonly port: number;
  readonly protocol: string;
}

/**
 * Protocols in which the client waits for the server's greeting. A proxy that has to sniff waits for the client's
 * first bytes, so both wait and the connection hangs. Left out on purpose: AMQP (5672), PostgreSQL (5432) and SMTP over
 * TLS (465), where the client speaks first.
 */
export const serverFirstPorts: readonly ServerFirstPort[] = [
  { port: 21, protocol: 'FTP' },
  { port: 22, protocol: 'SSH' },
  { port: 23, protocol: 'Telnet' },
  { port: 25, protocol: 'SMTP' },
  { port: 110, protocol: 'POP3' },
  { port: 119, protocol: 'NNTP' },
  { port: 143, protocol: 'IMAP' },
  { port: 587, protocol: 'SMTP submission' },
  { port: 2525, protocol: 'SMTP' },
  { port: 3306, protocol: 'MySQL' },
  { port: 4000, protocol: 'MySQL (TiDB)' },
  { port: 4190, protocol: 'ManageSieve' },
  { port: 4222, protocol: 'NATS' },
  { port: 5900, protocol: 'VNC' },
  { port: 6032, protocol: 'MySQL (ProxySQL admin)' },
  { port: 6033, protocol: 'MySQL (ProxySQL)' },
];

/** The entry of {@link serverFirstPorts} for this port, if it has one. */
export function findServerFirstPort(port: number): ServerFirstPort | undefined {
  return serverFirstPorts.find((entry) => entry.port === port);
}
