import { MeshOptionError } from '../shared/option-error.ts';
import { connectWithRetry } from './connect-with-retry.ts';
import { checkOf } from './endpoint-check.ts';
import type { EndpointProof } from './endpoint-proof.ts';
import type { ConnectOptions } from './options.ts';

/**
 * Waits until the server at a URL answers in its protocol: `await waitForEndpoint('postgres://db:5432')`. Takes what the server's
 * clients take, too (`process.env.DATABASE_URL`): only host and port are used, and nothing else gets into a log or an error.
 * Closes its connections.
 *
 * @throws EndpointError for an address that has no check, and everything that `connectWithRetry` throws
 */
export async function waitForEndpoint(
  url: string,
  options: Omit<ConnectOptions<EndpointProof>, 'close'> = {},
): Promise<EndpointProof> {
  if (typeof url !== 'string') throw new MeshOptionError(`the address must be a URL as text, got ${typeof url}`);
  const check = checkOf(url);
  return connectWithRetry(check, { name: check.subject, ...options });
}
