import { ImageError } from '../image-error.ts';

/** Of a request that was refused when its body, a stream, had been sent: only who has the bytes can send them again. */
const spentBody = 'ERR_BODY_SPENT';

/** A connection that was lost may be had again; a name that is unknown, or a server that is silent, rather not. */
const passingCodes = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EAI_AGAIN', spentBody];

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed early',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped coming',
  UND_ERR_HEADERS_OVERFLOW: 'the head of the answer is too long',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is not as long as it says',
  TimeoutError: 'it took too long',
};

/** What OpenSSL says of a server that speaks plain http. */
const notTls = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'];

export function unreachable(url: URL, cause: unknown, reference: string): ImageError {
  const { code, name, message } = innermost(cause);
  const why = words[code] ?? words[name] ?? (code || message);
  const advice = adviceFor(url, code);
  return new ImageError('IMAGE_UNREACHABLE', reference, `${url.origin}: ${why}`, { cause, advice });
}

/** The token was too old, and there is a new one now. */
export function spentOnOldToken(host: string, reference: string): ImageError {
  const cause = Object.assign(new Error('the body is spent'), { code: spentBody });
  return new ImageError('IMAGE_DENIED', reference, `${host} asked for credentials again when a blob was sent`, {
    cause,
  });
}

function adviceFor({ host }: URL, code: string): string | undefined {
  if (notTls.includes(code)) return `if it speaks plain http: --plain-http ${host}`;
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) {
    return 'if the certificate is one of your own authority: NODE_EXTRA_CA_CERTS=FILE';
  }
  return undefined;
}

export function isPassing(error: unknown): error is ImageError {
  return error instanceof ImageError && passingCodes.includes(innermost(error.cause).code);
}

function innermost(error: unknown): { readonly code: string; readonly name: string; readonly message: string } {
  let found = error as (Error & { code?: unknown; errors?: unknown[] }) | undefined;
  for (let depth = 0; depth < 8; depth++) {
    const inner = found?.cause ?? found?.errors?.[0];
    if (!(inner instanceof Error)) break;
    found = inner;
  }
  const { code, name = '', message = String(error) } = found ?? {};
  return { code: typeof code === 'string' ? code : '', name, message };
}
