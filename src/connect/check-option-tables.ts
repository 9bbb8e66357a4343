import type { ConnectionOptions } from 'node:tls';
import * as accepted from '../shared/accepted.ts';
import { optionTable } from '../shared/option-table.ts';

/** The options of `endpointChecks.tcp`. */
export const tcpCheckOptionTable = optionTable<{ readonly holdMs: number }>({
  holdMs: {
    ...accepted.durationMs(0),
    default: 500,
    text: 'How long the connection must stay open.',
    reason: 'A sidecar closes at once where the server refuses the connection.',
  },
});

const isPem = (value: unknown): boolean => typeof value === 'string' || ArrayBuffer.isView(value);
const pem = accepted.that(
  'PEM as a string or Buffer, or a list of them',
  (value) => isPem(value) || (Array.isArray(value) && value.every(isPem)),
);

/** The options of `endpointChecks.tls`. */
export const tlsCheckOptionTable = optionTable<{
  readonly servername: string | undefined;
  readonly ca: ConnectionOptions['ca'];
  readonly cert: ConnectionOptions['cert'];
  readonly key: ConnectionOptions['key'];
}>({
  servername: {
    ...accepted.text,
    default: undefined,
    defaultText: 'the host of the address',
    text: 'The name that the certificate must have, which is also sent as SNI.',
  },
  ca: {
    ...pem,
    default: undefined,
    defaultText: "Node's own",
    text: 'The certificate authorities that are trusted.',
  },
  cert: {
    ...pem,
    default: undefined,
    text: 'Our own certificate, where the server asks for one; with its `key`.',
  },
  key: {
    ...accepted.that(
      'PEM as a string or Buffer, or a list of them or of { pem, passphrase }',
      (value) => isPem(value) || (Array.isArray(value) && value.every((item) => isPem(item) || isPem(item?.pem))),
    ),
    default: undefined,
    text: 'The private key of `cert`.',
  },
});
