/** What one line of an access log says, as far as its format has it. */
export interface AccessLine {
  readonly time: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly protocol: string | undefined;
  /** 0 for a TCP connection; undefined where the line has none. */
  readonly status: number | undefined;
  /** Without the `-` of none. */
  readonly flags: readonly string[];
  /** `%RESPONSE_CODE_DETAILS%`, with underscores for blanks. */
  readonly details: string | undefined;
  /** `%CONNECTION_TERMINATION_DETAILS%`: of TCP connections. */
  readonly termination: string | undefined;
  /** `%UPSTREAM_TRANSPORT_FAILURE_REASON%` */
  readonly transport: string | undefined;
  readonly authority: string | undefined;
  readonly upstreamHost: string | undefined;
  readonly cluster: string | undefined;
  /** Whom the client called, and who it is. */
  readonly localAddress: string | undefined;
  readonly remoteAddress: string | undefined;
  /** SNI. */
  readonly serverName: string | undefined;
  readonly route: string | undefined;
}

/** All fields that a format does not have. */
export const emptyLine: AccessLine = {
  time: undefined,
  method: undefined,
  path: undefined,
  protocol: undefined,
  status: undefined,
  flags: [],
  details: undefined,
  termination: undefined,
  transport: undefined,
  authority: undefined,
  upstreamHost: undefined,
  cluster: undefined,
  localAddress: undefined,
  remoteAddress: undefined,
  serverName: undefined,
  route: undefined,
};

/** A value of a log: `-` and the empty text are none. */
export function present(value: string | undefined): string | undefined {
  return value === undefined || value === '-' || value === '' ? undefined : value;
}

const noFlags: readonly string[] = [];

export function splitFlags(flags: string): readonly string[] {
  if (flags === '-' || flags === '') return noFlags;
  return flags.split(',').filter((flag) => flag !== '' && flag !== '-');
}
