import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../mesh/ask/endpoint.ts';
import { EndpointNotReadyError } from './connect-errors.ts';

export interface OpenSocket {
  readonly socket: Socket;
  /** Fulfilled when the connection is over, with why. */
  readonly ended: Promise<string>;
}

/**
 * Connects to the first of the endpoint's addresses that accepts. The socket is destroyed when the signal aborts, then and later.
 *
 * @throws EndpointNotReadyError when none accepts
 */
export async function openSocket(endpoint: Endpoint, signal: AbortSignal): Promise<OpenSocket> {
  let last = 'has no address';
  for (const address of endpoint.addresses) {
    if (address.kind !== 'tcp') continue;
    signal.throwIfAborted();
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    const cut = () => socket.destroy();
    signal.addEventListener('abort', cut);
    const ended = new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('end', () => resolve('closed by the peer'));
      socket.on('close', () => {
        signal.removeEventListener('abort', cut);
        resolve('closed');
      });
    });
    const connected = new Promise<undefined>((resolve) => socket.once('connect', () => resolve(undefined)));
    const failure = await Promise.race([connected, ended]);
    if (failure === undefined) return { socket, ended };
    last = `connect ${failure}`;
  }
  signal.throwIfAborted();
  throw new EndpointNotReadyError(`${endpoint.text}: ${last}`);
}
