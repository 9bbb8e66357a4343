import { assertKnownOptions, createOptionReader } from '../shared/option-table.ts';
import { fetchOptionTable, requestOptionTable } from './client-option-tables.ts';
import { Exchange } from './exchange.ts';
import { fetchOnce, fetchRequest, type MeshFetchInit } from './fetch-request.ts';
import type { AnyDispatcher, FetchInput } from './fetch-types.ts';
import { transportOf } from './mesh-agent.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { type RetrySettings, requestSettings } from './options.ts';
import { OriginLoads } from './retry-budget.ts';
import { RetryingFetch } from './retrying-fetch.ts';
import { undici } from './undici.ts';

export interface MeshFetchOptions extends MeshRetryOptions {
  /**
   * Where single attempts go. Of a mesh agent the transport is taken: nothing is retried twice.
   *
   * Must be a Dispatcher of undici. Default: undici's global dispatcher.
   */
  readonly dispatcher?: AnyDispatcher | undefined;
}

const readOptions = createOptionReader<RetrySettings & Pick<MeshFetchOptions, 'dispatcher'>>(fetchOptionTable);

/** `fetch` with options of this library. It fits wherever the app's own `fetch` does. */
export type MeshFetch = (input: FetchInput, init?: MeshFetchInit) => Promise<Response>;

/**
 * Makes a `fetch` that repeats only what is safe to repeat. Each one has a retry budget of its own.
 *
 * It retries around `fetch`, not under it: only there is a body still what the caller gave, and can be replayed byte for byte.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createMeshFetch(options: MeshFetchOptions = {}): MeshFetch {
  const { dispatcher, ...settings } = readOptions('createMeshFetch', options);
  const loads = new OriginLoads();
  return async (input, init) => {
    if (init !== undefined) assertKnownOptions('meshFetch', 'init', requestOptionTable, init);
    const request = await fetchRequest(input, init);
    const transport = transportOf(init?.dispatcher ?? dispatcher ?? undici().getGlobalDispatcher());
    // Not HTTP (data:, blob:): nothing is sent anywhere.
    if (request.origin === undefined)
      return fetchOnce(transport, request, request.body?.next(), request.init.signal ?? undefined);
    const own = requestSettings(init?.meshRetry, settings);
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
