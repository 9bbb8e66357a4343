import type { ConnectOptions } from './connect-options.ts';
import { retryUntilConnected } from './connect-with-retry.ts';
import { checkOf, type EndpointProof } from './endpoint-check.ts';
import { endpointSettings } from './options.ts';

/**
 * Waits until the server at a URL answers in its protocol: `await waitForEndpoint('postgres://db:5432')`. Takes what the server's
 * clients take, too (`process.env.DATABASE_URL`): only host and port are used, and nothing else gets into a log or an error.
 * Closes its connections.
 *
 * @throws MeshOptionError for an address that has no check, and everything that `connectWithRetry` throws
 */
export async function waitForEndpoint(
  url: string,
  options?: Omit<ConnectOptions<EndpointProof>, 'close'>,
): Promise<EndpointProof> {
  const check = checkOf('waitForEndpoint', url);
  return retryUntilConnected(check, endpointSettings(options, check.subject));
}
