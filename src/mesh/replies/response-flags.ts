/** What one of Envoy's response flags means. The flags stand in access logs (`%RESPONSE_FLAGS%`), never in a reply's headers. */
export interface ResponseFlag {
  /** As in the access log, for example `UF`. */
  readonly flag: string;
  /** As in `%RESPONSE_FLAGS_LONG%`; equal to `flag` when the flag is not in the table. */
  readonly longName: string;
  /** One sentence for a person. */
  readonly meaning: string;
  /** What is usually behind it, most frequent first. Empty for an unknown flag. */
  readonly causes: readonly string[];
}

type Row = readonly [flag: string, longName: string, meaning: string, ...causes: string[]];

// Names and their meaning: Envoy's documentation of access log operators, up to 1.40.
const rows: readonly Row[] = [
  [
    'UH',
    'NoHealthyUpstream',
    'The service has no endpoint that the sidecar may send to.',
    'no pod of the service is ready',
    'the selector or the subset labels match no pod',
    'outlier detection has ejected every endpoint',
  ],
  [
    'UF',
    'UpstreamConnectionFailure',
    'The sidecar could not open a connection to the service.',
    'the pod is starting, stopping or crashed, and nothing listens on its port',
    'one side speaks mutual TLS and the other does not',
    'a NetworkPolicy or firewall drops the packets',
  ],
  [
    'UO',
    'UpstreamOverflow',
    'A circuit breaker is open: the sidecar has reached its limit of connections or requests.',
    'the service is slower than usual, and requests pile up',
    'the connectionPool limits of the DestinationRule are too low',
  ],
  [
    'NR',
    'NoRouteFound',
    'No route matches the request.',
    'the Host header names no known service: add a ServiceEntry or correct the header',
    'a VirtualService has no match for this path',
  ],
  [
    'URX',
    'UpstreamRetryLimitExceeded',
    'The sidecar has used up its retries, and the last try failed too.',
    'the service was down for longer than the sidecar retries',
  ],
  [
    'NC',
    'NoClusterFound',
    'The route points at a cluster that the sidecar does not have.',
    'the configuration is still on its way',
    'a VirtualService names a subset that no DestinationRule defines',
  ],
  [
    'DT',
    'DurationTimeout',
    'The connection or request was open for longer than its maximum duration.',
    'max_connection_duration or max_stream_duration is too short for this traffic',
  ],
  [
    'DC',
    'DownstreamConnectionTermination',
    'The client closed the connection before the reply was complete.',
    "the client's timeout is shorter than the time that the service needs",
    'the client was shut down',
  ],
  [
    'LH',
    'FailedLocalHealthCheck',
    'The health check filter answered that this proxy must get no traffic.',
    'the proxy was told to fail its health check (it is draining)',
  ],
  [
    'UT',
    'UpstreamRequestTimeout',
    'The service did not answer within the timeout of the route.',
    'the service is slow or hangs',
    'the timeout or perTryTimeout of the VirtualService is too short',
  ],
  ['LR', 'LocalReset', 'The sidecar itself reset the request.', 'a filter or a limit of the proxy ended the stream'],
  [
    'UR',
    'UpstreamRemoteReset',
    'The service reset the request.',
    'the application crashed or refused the stream',
    'the server was shutting down',
  ],
  [
    'UC',
    'UpstreamConnectionTermination',
    'The service closed the connection before it had answered.',
    "the server's keep-alive timeout is shorter than the sidecar's: it closed a connection that the sidecar was about to use",
    'the application crashed while it handled the request',
  ],
  ['DI', 'DelayInjected', 'A fault injection rule delayed the request.', 'a VirtualService with fault.delay'],
  [
    'FI',
    'FaultInjected',
    'A fault injection rule answered instead of the service.',
    'a VirtualService with fault.abort',
  ],
  ['RL', 'RateLimited', 'A rate limit refused the request.', 'more requests than the limit allows'],
  [
    'UAEX',
    'UnauthorizedExternalService',
    'The external authorization service denied the request.',
    'the caller lacks the permission',
    'the authorization service is down, and requests are denied without it',
  ],
  [
    'RLSE',
    'RateLimitServiceError',
    'The rate limit service could not be reached.',
    'the rate limit service is down, and requests are denied without it',
  ],
  [
    'IH',
    'InvalidEnvoyRequestHeaders',
    'The request carries an x-envoy-* header with an invalid value.',
    'the route checks these headers strictly, and the client sends a malformed value',
  ],
  [
    'SI',
    'StreamIdleTimeout',
    'Nothing was sent on the request for too long.',
    'a slow upload, or a long poll without data',
  ],
  [
    'DPE',
    'DownstreamProtocolError',
    "The client's request violated the HTTP protocol.",
    'HTTP/1.0, which the sidecar does not accept (nginx: set proxy_http_version 1.1)',
    'malformed headers, or another protocol on an HTTP port',
  ],
  [
    'UPE',
    'UpstreamProtocolError',
    "The service's reply violated the HTTP protocol.",
    "the port declares the wrong protocol (http2 or grpc for a server that speaks HTTP/1.1, or the reverse): check appProtocol and the port's name",
    'the server sends malformed headers',
  ],
  [
    'UMSDR',
    'UpstreamMaxStreamDurationReached',
    'The request took longer than max_stream_duration allows.',
    'a stream that is meant to stay open',
  ],
  [
    'RFCF',
    'ResponseFromCacheFilter',
    'The reply came from the cache of the proxy.',
    'the cache filter had a fresh entry',
  ],
  [
    'NFCF',
    'NoFilterConfigFound',
    'A filter has no configuration yet; until it has one, the proxy refuses requests.',
    'the extension (ECDS) configuration has not arrived or was rejected',
  ],
  [
    'OM',
    'OverloadManagerTerminated',
    'The overload manager of the proxy refused the request.',
    "the proxy is running out of memory or connections: raise the sidecar's limits",
  ],
  [
    'DF',
    'DnsResolutionFailed',
    "The service's name did not resolve.",
    'a wrong host name',
    'DNS is down or cannot be reached',
  ],
  [
    'DO',
    'DropOverload',
    'The control plane told the proxy to drop part of the traffic.',
    'load shedding by EDS policy',
  ],
  ['DR', 'DownstreamRemoteReset', 'The client reset the request.', 'the client gave up or was cancelled'],
  [
    'UDO',
    'UnconditionalDropOverload',
    'The control plane told the proxy to drop all traffic.',
    'load shedding by EDS policy at 100 percent',
  ],
];

const flagTable: ReadonlyMap<string, ResponseFlag> = new Map(
  rows.map(([flag, longName, meaning, ...causes]) => [flag, { flag, longName, meaning, causes }]),
);

/** All flags in the table, in Envoy's order. */
export const responseFlags: readonly ResponseFlag[] = [...flagTable.values()];

/** Explains one flag. An unknown one passes through: Envoy's extensions add their own. */
export function describeResponseFlag(flag: string): ResponseFlag {
  return (
    flagTable.get(flag) ?? {
      flag,
      longName: flag,
      meaning: `Envoy set the flag ${flag}, which mesh-shim does not know.`,
      causes: [],
    }
  );
}

/** Explains the flags of an access log line: `URX,UF`; `-` and the empty text mean none. */
export function describeResponseFlags(flags: string): readonly ResponseFlag[] {
  return flags
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== '-')
    .map(describeResponseFlag);
}
