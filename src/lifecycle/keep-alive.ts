import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

export interface KeepAliveOptions {
  /** How long the proxy keeps an idle connection. Default: 3,600,000, Envoy's own. */
  readonly proxyIdleMs?: number | undefined;
}

/** How much longer than the proxy the server waits; the proxy must always be the one who closes. */
const marginMs = 5_000;

/**
 * Makes the sidecar, not the server, end idle connections. Node closes them after 5 s while Envoy's pool keeps them for
 * an hour: a request that meets the closing is lost and shows as 503 UC.
 *
 * `headersTimeout` and `requestTimeout` are raised with it, since Node applies both to a connection that has not
 * carried a request yet, and a pool opens such ones. Use it behind a proxy only: it is the proxy that bounds slow clients then.
 * A limit that is already longer, or 0 for none, is left alone.
 */
export function keepAliveFor<S extends HttpServer | HttpsServer>(
  server: S,
  { proxyIdleMs = 3_600_000 }: KeepAliveOptions = {},
): S {
  if (!Number.isFinite(proxyIdleMs) || proxyIdleMs <= 0) {
    throw new RangeError(`keepAliveFor: proxyIdleMs is ${proxyIdleMs}; use milliseconds above 0`);
  }
  const limitMs = proxyIdleMs + marginMs;
  for (const name of ['keepAliveTimeout', 'headersTimeout', 'requestTimeout'] as const) {
    if (server[name] !== 0) server[name] = Math.max(server[name], limitMs);
  }
  return server;
}
