/**
 * What a network error says about the other side.
 * - `refused`, `unreachable`: it is not there, and may come.
 * - `unknown-name`: there is no such host; more likely a mistake in the name.
 * - `refused-stream`: it is there and takes no more requests (HTTP/2).
 * - `lost`: nothing; it may have processed the request.
 */
export type NetworkFault = 'refused' | 'unreachable' | 'unknown-name' | 'refused-stream' | 'lost';

// Only what is listed here is taken for a fault of the network; every other error (a wrong argument, a bad certificate, an error of the
// caller's own stream) surfaces as it is.
const faults: ReadonlyMap<string, NetworkFault> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  ['ENOTFOUND', 'unknown-name'],
  ['ETIMEDOUT', 'lost'],
  ['ECONNRESET', 'lost'],
  ['ECONNABORTED', 'lost'],
  ['EPIPE', 'lost'],
  ['UND_ERR_SOCKET', 'lost'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'lost'],
  // got's word for a reply that is cut.
  ['ERR_HTTP_CONTENT_LENGTH_MISMATCH', 'lost'],
  ['UND_ERR_HEADERS_TIMEOUT', 'lost'],
  ['UND_ERR_BODY_TIMEOUT', 'lost'],
  ['ERR_HTTP2_STREAM_ERROR', 'lost'],
  ['ERR_HTTP2_SESSION_ERROR', 'lost'],
  ['MESH_ATTEMPT_TIMEOUT', 'lost'],
]);

/** Tells a fault of the network from every other error (undefined). */
export function networkFault(error: unknown): NetworkFault | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (isRefusedStream(error)) return 'refused-stream';
  // Undici has no code of its own for the end of an HTTP/2 stream or session.
  if (code === 'UND_ERR_INFO') return textOf(error).startsWith('HTTP/2: ') ? 'lost' : undefined;
  return faults.get(code);
}

/** HTTP/2 only. A server that refuses a stream vouches that it has done nothing with the request (RFC 9113 section 8.7). */
function isRefusedStream(error: unknown): boolean {
  return codeOf(error) === 'ERR_HTTP2_STREAM_ERROR' && textOf(error).includes('NGHTTP2_REFUSED_STREAM');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** Faults that come before a connection is there, whoever reports them: then nothing was sent. */
export function provesNeverSent(error: unknown): boolean {
  const fault = networkFault(error);
  if (fault === 'refused' || fault === 'unreachable' || fault === 'unknown-name' || fault === 'refused-stream') {
    return true;
  }
  const { syscall } = error as { readonly syscall?: unknown };
  return fault !== undefined && (syscall === 'connect' || syscall === 'getaddrinfo');
}

export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
