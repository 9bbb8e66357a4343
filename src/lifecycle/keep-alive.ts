import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { that } from '../shared/accepted.ts';
import { assertArgument, createOptionReader } from '../shared/option-table.ts';
import { longestTimerMs } from '../shared/pause.ts';
import { keepAliveOptionTable } from './keep-alive-option-table.ts';

/** Options of `keepAliveFor`; `undefined` means the default. */
export interface KeepAliveOptions {
  /**
   * How long the proxy keeps an idle connection.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `3600000` ms. Envoy's own idle timeout,
   * one hour.
   */
  readonly proxyIdleMs?: number | undefined;
}

const caller = 'keepAliveFor';
const readOptions = createOptionReader<Required<{ readonly proxyIdleMs: number }>>(keepAliveOptionTable);
const webServer = that(
  'a server of node:http or node:https',
  (value) => value instanceof HttpServer || value instanceof HttpsServer,
);

/** How much longer than the proxy the server waits; the proxy must always be the one who closes. */
const marginMs = 5_000;

/** Node waits for a second more than `keepAliveTimeout` says. */
const longestLimitMs = longestTimerMs - 1_000;

/**
 * Makes the sidecar, not the server, end idle connections. Node closes them after 5 s while Envoy's pool keeps them for
 * an hour: a request that meets the closing is lost and shows as 503 UC.
 *
 * `headersTimeout` and `requestTimeout` are raised with it, since Node applies both to a connection that has not
 * carried a request yet, and a pool opens such ones. Use it behind a proxy only: it is the proxy that bounds slow clients then.
 * A limit that is already longer, or 0 for none, is left alone.
 *
 * @throws MeshOptionError for a wrong option, or what is not a server of HTTP/1.1
 */
export function keepAliveFor<S extends HttpServer | HttpsServer>(server: S, options?: KeepAliveOptions): S {
  assertArgument(caller, 'server', webServer, server);
  const { proxyIdleMs } = readOptions(caller, options);
  const limitMs = Math.min(proxyIdleMs + marginMs, longestLimitMs);
  for (const name of ['keepAliveTimeout', 'headersTimeout', 'requestTimeout'] as const) {
    if (server[name] !== 0) server[name] = Math.max(server[name], limitMs);
  }
  return server;
}
