import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import type { Endpoint } from '../mesh/ask/endpoint.ts';
import { EndpointNotReadyError } from './connect-errors.ts';
import type { EndpointProof } from './endpoint-proof.ts';
import { openSocket } from './open-socket.ts';

export interface TlsCheckOptions {
  /** Of the certificate, and in SNI. Default: the host of the address. */
  readonly servername?: string;
  /** Trusted authorities, as `tls.connect` takes them. Default: Node's own. */
  readonly ca?: ConnectionOptions['ca'];
  /** Our own certificate and its key, where the server asks for one. */
  readonly cert?: ConnectionOptions['cert'];
  readonly key?: ConnectionOptions['key'];
}

/** A whole handshake. What is wrong with the certificate surfaces as Node's own error, which `fatalReason` knows. */
export async function checkTls(
  endpoint: Endpoint,
  signal: AbortSignal,
  options: TlsCheckOptions,
): Promise<EndpointProof> {
  const { socket } = await openSocket(endpoint, signal);
  try {
    // The name as written: `localhost` has been made into an address before. An address is never sent as SNI, but the certificate must still name it.
    const host = new URL(endpoint.text).hostname.replace('[', '').replace(']', '');
    const servername = options.servername ?? (isIP(host) ? undefined : host);
    const secure = connect({ ...options, socket, host, ...(servername === undefined ? {} : { servername }) });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.on('error', reject);
      secure.once('close', () =>
        reject(new EndpointNotReadyError(`${endpoint.text}: closed before the end of the handshake`)),
      );
    });
    const proof = `${endpoint.text} speaks ${secure.getProtocol()}`;
    secure.destroy();
    return { proof };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    socket.destroy();
  }
}
