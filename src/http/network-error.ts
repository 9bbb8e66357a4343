/**
 * What a network error says about the other side.
 * - `refused`, `unreachable`: it is not there, or this machine cannot get there, and that may pass.
 * - `unknown-name`: there is no such host; more likely a mistake in the name.
 * - `unclear`: no connection came about, and nothing says whether one will.
 * - `refused-stream`: it is there and takes no more requests (HTTP/2).
 * - `lost`: nothing; it may have processed the request.
 */
export type NetworkFault = 'refused' | 'unreachable' | 'unknown-name' | 'unclear' | 'refused-stream' | 'lost';

// Whatever the phase, these are faults of the network.
const faults: ReadonlyMap<string, NetworkFault> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  // What getaddrinfo says of a name without addresses, and what c-ares does.
  ['ENOTFOUND', 'unknown-name'],
  ['ENODATA', 'unknown-name'],
  ['EBADNAME', 'unknown-name'],
  ['EAI_NONAME', 'unknown-name'],
  ['EAI_NODATA', 'unknown-name'],
  ['EAI_ADDRFAMILY', 'unknown-name'],
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

/** Tells a fault of the network, as its code and its system call show it, from every other error (undefined). */
export function networkFault(error: unknown): NetworkFault | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (isRefusedStream(error)) return 'refused-stream';
  // Undici has no code of its own for the end of an HTTP/2 stream or session.
  if (code === 'UND_ERR_INFO') return textOf(error).startsWith('HTTP/2: ') ? 'lost' : undefined;
  return faults.get(code) ?? (failedToConnect(error) && !isLasting(error) ? 'unreachable' : undefined);
}

/**
 * What an error means that came before anything was sent. That phase proves more than any list of codes; what an error says can only tell
 * whether it will pass. Undefined for what another attempt does not change: a mistake in a call, a closed dispatcher, a certificate.
 */
export function faultBeforeSending(error: unknown): NetworkFault | undefined {
  const fault = networkFault(error);
  if (fault !== undefined) return fault;
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return refusal >= 500 || refusal === 429 ? 'unreachable' : 'unclear';
  return isLasting(error) ? undefined : 'unclear';
}

// Undici's for a wrong call and for a dispatcher that is closed or full.
const lastingCodes: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_INVALID_RETURN_VALUE',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
  'UND_ERR_ABORTED',
  'UND_ERR_MAX_ORIGINS_REACHED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_PRX_TLS',
  'UND_ERR_INFO',
  'UND_MOCK_ERR_MOCK_NOT_MATCHED',
  // The two sides do not speak TLS with one another.
  'EPROTO',
  // The operating system, or a policy, forbids it.
  'EACCES',
  'EPERM',
  // There can be no such address.
  'EINVAL',
  'EAFNOSUPPORT',
]);

/** Waiting does not change it. */
function isLasting(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true;
  const { name } = error as { readonly name?: unknown };
  if (name === 'TypeError' || name === 'RangeError' || name === 'SyntaxError' || name === 'ReferenceError') return true;
  // DOMException: what `AbortSignal.abort()` and a time limit of the caller's give.
  if (name === 'AbortError' || name === 'TimeoutError') return true;
  const code = codeOf(error);
  if (code === undefined) return false;
  // Node's own errors are of calls and of TLS, and the reasons of OpenSSL for a bad certificate have names of their own.
  return lastingCodes.has(code) || code.startsWith('ERR') || !(code.startsWith('E') || code.startsWith('UND_'));
}

/** The status with which a proxy has refused to make a tunnel: undici tells it in words only. */
function proxyRefusal(error: unknown): number | undefined {
  const status = /^Proxy response \((\d+)\) !== 200/.exec(textOf(error))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The system call, or the question to DNS, that failed is one that comes before a connection is there. */
function failedToConnect(error: unknown): boolean {
  const { syscall } = error as { readonly syscall?: unknown };
  return (
    typeof syscall === 'string' && (syscall === 'connect' || syscall === 'getaddrinfo' || syscall.startsWith('query'))
  );
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
  return fault !== undefined && (fault !== 'lost' || failedToConnect(error));
}

export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
