import { type ConnectAttempt, connectWithRetry } from '../connect-with-retry.ts';
import { closeQuietly } from '../cut-off.ts';
import { watchSockets } from './attempt-sockets.ts';
import type { DriverOptions } from './driver-options.ts';

/** A driver's client that has not shown yet that it reaches its server. It has the settings with which the app will use it. */
export interface Candidate<Client> {
  /** Fulfilled with the client once the server has answered it. Called once. */
  readonly connect: () => Promise<Client>;
  /** Stops the client: it must not connect again. Its sockets are destroyed besides. */
  readonly discard: () => unknown;
}

/**
 * Makes candidates until one has its answer from the server. What has failed or was cut off leaves neither client nor socket.
 *
 * @throws what `connectWithRetry` throws
 */
export async function connectDriver<Client>(create: () => Candidate<Client>, options: DriverOptions): Promise<Client> {
  const watch = watchSockets();
  const attempt: ConnectAttempt<{ client: Client; drop: () => void }> = ({ signal }) =>
    watch.run(async (sockets) => {
      const { connect, discard } = create();
      const drop = (): void => {
        void closeQuietly(undefined, discard);
        // The app never sees this error: the attempt is over.
        sockets.destroy(new Error('mesh-shim has given up this attempt to connect'));
      };
      signal.addEventListener('abort', drop);
      try {
        return { client: await connect(), drop };
      } catch (failure) {
        drop();
        throw failure;
      } finally {
        signal.removeEventListener('abort', drop);
      }
    });
  try {
    const { client } = await connectWithRetry(attempt, { ...options, close: ({ drop }) => drop() });
    return client;
  } finally {
    watch.end();
  }
}
