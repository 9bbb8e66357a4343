import type { CauseId } from '../causes/index.ts';

/**
 * Envoy's response flags (stream_info.h, Envoy 1.40) by the causes they stand for, most frequent first. Where a line has
 * several flags, the one that stands first here decides: URX only says that retries did not help.
 */
export const flagCauses: Readonly<Record<string, readonly [CauseId, ...CauseId[]]>> = {
  UF: ['upstream-connect-failed', 'upstream-refused', 'mtls-mismatch', 'upstream-timeout-connect'],
  UC: ['server-closed', 'app-crashed', 'tcp-policy'],
  UH: ['no-healthy-upstream', 'subset-empty', 'all-ejected', 'registry-only'],
  UO: ['circuit-breaker', 'upstream-slow'],
  UT: ['upstream-slow'],
  UR: ['server-reset'],
  UPE: ['wrong-protocol', 'mtls-mismatch'],
  UMSDR: ['duration-limit'],
  NR: ['route-not-found', 'strict-plaintext', 'unknown-sni'],
  NC: ['cluster-not-found', 'xds-not-received'],
  DF: ['upstream-dns'],
  LR: ['local-reset'],
  LH: ['draining'],
  UAEX: ['authorizer-denied', 'authorizer-down'],
  RL: ['rate-limited'],
  RLSE: ['rate-limiter-down'],
  FI: ['fault-injected'],
  DI: ['delay-injected'],
  NFCF: ['filter-not-configured'],
  OM: ['proxy-overloaded'],
  DO: ['load-shed'],
  UDO: ['load-shed'],
  IH: ['envoy-headers-invalid'],
  DPE: ['not-http', 'http10', 'headers-too-large'],
  SI: ['stream-idle', 'server-first'],
  DT: ['duration-limit'],
  DC: ['client-gone', 'upstream-slow'],
  DR: ['client-gone'],
  RFCF: ['cache-answered'],
  URX: ['retries-exhausted'],
};

/** Of several flags the one that says most; the first where none is known. */
export function tellingFlag(flags: readonly string[]): string | undefined {
  return Object.keys(flagCauses).find((flag) => flags.includes(flag)) ?? flags[0];
}
