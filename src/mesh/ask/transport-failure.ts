import type { TransportError, TransportFailure } from './transport.ts';

/** What the system's error names (errno(3), those of look-ups, and of Node's permission model) mean for a connection; all others are `other`. */
const failures: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ERR_ACCESS_DENIED: 'denied',
};

/** A file that is there and has no byte yet: whoever writes it is at work. */
export const emptyFile = { kind: 'other', code: 'EMPTY' } as const satisfies TransportError;

/** The error of a transport by the system's name for it. */
export function transportErrorNamed(code: string): TransportError {
  return { kind: failures[code] ?? 'other', code };
}
