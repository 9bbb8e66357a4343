import { isIP } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type SecureContext } from 'node:tls';
import type { Endpoint } from '../mesh/ask/endpoint.ts';
import { failureText } from '../shared/failure-text.ts';
import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader } from '../shared/option-table.ts';
import { tlsCheckOptionTable } from './check-option-tables.ts';
import { EndpointNotReadyError } from './connect-errors.ts';
import { openSocket } from './open-socket.ts';

export interface TlsCheckOptions {
  /**
   * The name that the certificate must have, which is also sent as SNI.
   *
   * Must be a string that is not empty. Default: the host of the address.
   */
  readonly servername?: string | undefined;
  /**
   * The certificate authorities that are trusted.
   *
   * Must be PEM as a string or Buffer, or a list of them. Default: Node's own.
   */
  readonly ca?: ConnectionOptions['ca'];
  /**
   * Our own certificate, where the server asks for one; with its `key`.
   *
   * Must be PEM as a string or Buffer, or a list of them. Default: none.
   */
  readonly cert?: ConnectionOptions['cert'];
  /**
   * The private key of `cert`.
   *
   * Must be PEM as a string or Buffer, or a list of them or of { pem, passphrase }. Default: none.
   */
  readonly key?: ConnectionOptions['key'];
}

/** Who we are, whom we trust, and the name that the server must have where it is not the host. */
export interface TlsIdentity {
  readonly context: SecureContext;
  readonly servername: string | undefined;
}

const readTable = createOptionReader<Required<TlsCheckOptions>>(tlsCheckOptionTable);

/** @throws MeshOptionError for a wrong option, and for certificates and keys that OpenSSL does not take */
export function readTlsOptions(caller: string, options: TlsCheckOptions | undefined): TlsIdentity {
  const { servername, ca, cert, key } = readTable(caller, options);
  if ((cert === undefined) !== (key === undefined)) {
    const [at, other] = cert === undefined ? (['cert', 'key'] as const) : (['key', 'cert'] as const);
    throw new MeshOptionError(caller, { at, value: undefined, accepts: `given together with ${other}` });
  }
  try {
    return { context: createSecureContext({ ca, cert, key }), servername };
  } catch (cause) {
    const at = cert === undefined ? 'ca' : 'cert';
    const accepts = at === 'ca' ? 'certificates in PEM' : 'a certificate in PEM, with its key';
    const value = at === 'ca' ? ca : cert;
    throw new MeshOptionError(caller, { at, value, accepts, got: failureText(cause) }, { cause });
  }
}

/**
 * A whole handshake. What is wrong with the certificate surfaces as Node's own error, which `fatalReason` knows.
 *
 * @returns what it saw, in one phrase
 */
export async function checkTls(endpoint: Endpoint, signal: AbortSignal, identity: TlsIdentity): Promise<string> {
  const { socket } = await openSocket(endpoint, signal);
  try {
    // The name as written: `localhost` has been made into an address before. An address is never sent as SNI, but the certificate must still name it.
    const host = new URL(endpoint.text).hostname.replace('[', '').replace(']', '');
    const servername = identity.servername ?? (isIP(host) ? undefined : host);
    const secureContext = identity.context;
    const secure = connect({ secureContext, socket, host, ...(servername === undefined ? {} : { servername }) });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.on('error', reject);
      secure.once('close', () =>
        reject(
          new EndpointNotReadyError(
            `${endpoint.text}: the connection was closed before the TLS handshake was complete`,
          ),
        ),
      );
    });
    const proof = `${endpoint.text} speaks ${secure.getProtocol()}`;
    secure.destroy();
    return proof;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    socket.destroy();
  }
}
