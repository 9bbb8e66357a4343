import type { TransportError, TransportFailure } from './transport.ts';

/** What the system's error names (errno(3), and those of look-ups) mean for a connection; all others are `other`. */
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
};

/** The error of a transport by the system's name for it. */
export function transportErrorNamed(code: string): TransportError {
  return { kind: failures[code] ?? 'other', code };
}
