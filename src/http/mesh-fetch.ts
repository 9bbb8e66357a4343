import { Exchange } from './exchange.ts';
import { fetchOnce, fetchRequest, type MeshFetchInit } from './fetch-request.ts';
import type { AnyDispatcher, FetchInput } from './fetch-types.ts';
import { transportOf } from './mesh-agent.ts';
import { type MeshRetryOptions, retrySettings } from './options.ts';
import { OriginLoads } from './retry-budget.ts';
import { RetryingFetch } from './retrying-fetch.ts';
import { undici } from './undici.ts';

export interface MeshFetchOptions extends MeshRetryOptions {
  /** Where single attempts go. Default: undici's global dispatcher. Of a mesh agent the transport is taken: nothing is retried twice. */
  readonly dispatcher?: AnyDispatcher | undefined;
}

/** `fetch` with options of this library. It fits wherever the app's own `fetch` does. */
export type MeshFetch = (input: FetchInput, init?: MeshFetchInit) => Promise<Response>;

/**
 * Makes a `fetch` that repeats only what is safe to repeat. Each one has a retry budget of its own.
 *
 * It retries around `fetch`, not under it: only there is a body still what the caller gave, and can be replayed byte for byte.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createMeshFetch({ dispatcher, ...options }: MeshFetchOptions = {}): MeshFetch {
  const settings = retrySettings(options);
  const loads = new OriginLoads();
  return async (input, init) => {
    const request = await fetchRequest(input, init);
    const transport = transportOf(init?.dispatcher ?? dispatcher ?? undici().getGlobalDispatcher());
    // Not HTTP (data:, blob:): nothing is sent anywhere.
    if (request.origin === undefined) return fetchOnce(transport, request, request.init.signal ?? undefined);
    const own = init?.meshRetry === undefined ? settings : retrySettings(init.meshRetry, settings);
    const exchange = new Exchange({ ...request, origin: request.origin }, own, loads);
    return new RetryingFetch(transport, request, exchange).run();
  };
}

/** `fetch` that repeats only what is safe to repeat, with the defaults of {@link createMeshFetch}. */
export const meshFetch: MeshFetch = (input, init) => {
  shared ??= createMeshFetch();
  return shared(input, init);
};

let shared: MeshFetch | undefined;
