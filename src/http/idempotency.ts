import { type HttpHeaders, headerValue } from '../mesh/replies/header-value.ts';

const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);

export interface IdempotencyFacts {
  readonly method: string;
  readonly headers?: HttpHeaders | null | undefined;
  /** What the caller says; it counts before everything else. */
  readonly idempotent?: boolean | null | undefined;
}

/**
 * Whether a request may be done twice: as the caller says, else by its method (RFC 9110 section 9.2.2, and QUERY), else by a key.
 *
 * @param keyHeader the header whose presence promises that the server recognises a repetition; false for none
 */
export function isIdempotent({ method, headers, idempotent }: IdempotencyFacts, keyHeader: string | false): boolean {
  if (idempotent !== undefined && idempotent !== null) return idempotent;
  if (idempotentMethods.has(method.toUpperCase())) return true;
  return keyHeader !== false && (headerValue(headers, keyHeader.toLowerCase()) ?? '') !== '';
}
