import { type HttpHeaders, headerNames, headerValue } from './header-value.ts';

const furtherOnHeader = 'x-envoy-upstream-service-time';

/** The reply came from further on; the nearest Envoy only passed it on. */
export function isRelayed(headers: HttpHeaders): boolean {
  return headerValue(headers, furtherOnHeader) !== undefined;
}

/**
 * Whether the nearest Envoy may have made a reply itself, by its headers alone.
 *
 * The rule: Envoy sets `server: envoy` on every reply that passes it, and `x-envoy-upstream-service-time` on those that came from
 * further on (an application cannot forge either, Envoy overwrites them). It needs Envoy's default of sending its debug headers (Istio: `proxyHeaders.envoyDebugHeaders` not disabled).
 */
export function mayBeFromNearestEnvoy(headers: HttpHeaders): boolean {
  return headerValue(headers, 'server') === 'envoy' && !isRelayed(headers);
}

const headersOfLocalReply = ['content-length', 'content-type', 'date', 'server'];

/**
 * Whether a relayed reply has the headers that an Envoy further on gives to its own replies, and none besides: frameworks add some, or a
 * charset to the type. It does not tell a program that passes another sidecar's reply on byte for byte.
 */
export function looksLikeRelayedEnvoy(headers: HttpHeaders): boolean {
  const isEnvoys = (name: string) => headersOfLocalReply.includes(name) || name.startsWith('x-envoy-');
  return (
    isRelayed(headers) &&
    headerValue(headers, 'server') === 'envoy' &&
    headerValue(headers, 'content-type') === 'text/plain' &&
    headerNames(headers)?.every(isEnvoys) === true
  );
}
