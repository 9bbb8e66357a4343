import type { Dispatcher } from 'undici';
import { assertKnownOptions, createOptionReader } from '../shared/option-table.ts';
import { dispatchOf } from './any-undici.ts';
import { chosenDispatcher } from './chosen-dispatcher.ts';
import { fetchOptionTable, requestOptionTable } from './client-option-tables.ts';
import { createTransport, type ProxyUse } from './environment-proxy.ts';
import { Exchange } from './exchange.ts';
import { type FetchTransport, ownFetch } from './fetch-attempt.ts';
import { fetchRequest, type MeshFetchInit } from './fetch-request.ts';
import type { AnyDispatcher, FetchInput } from './fetch-types.ts';
import { type AnyFetch, foreignFetch } from './foreign-fetch.ts';
import { transportOf } from './mesh-agent.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { type RetrySettings, requestSettings } from './options.ts';
import { OriginLoads } from './retry-budget.ts';
import { RetryingFetch } from './retrying-fetch.ts';

export interface MeshFetchOptions extends MeshRetryOptions {
  /**
   * The `fetch` that makes single attempts: Node's own, a test's, another package's. A `dispatcher` is handed on to it,
   * `proxy` is not used.
   *
   * Must be a function. Default: that of this library's undici.
   */
  readonly fetch?: AnyFetch | undefined;
  /**
   * Where single attempts go: a dispatcher of undici 6, 7 or 8. Of a mesh agent the transport is taken: nothing is
   * retried twice.
   *
   * Must be a Dispatcher of undici. Default: the global dispatcher that the app has set, else an Agent of this library.
   */
  readonly dispatcher?: AnyDispatcher | undefined;
  /**
   * Whether requests to the outside go through the proxy of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`):
   * `'as-node'` where Node's own `fetch` was told to (`NODE_USE_ENV_PROXY=1`, `--use-env-proxy`), `'environment'`
   * always, `'none'` never. Addresses of this machine, of private networks and of the cluster are asked directly. Not
   * used where there is a `dispatcher`.
   *
   * Must be 'as-node', 'environment' or 'none'. Default: `'as-node'`. Egress that the operator has led through a proxy
   * stays there, and no call in the mesh makes the detour.
   */
  readonly proxy?: ProxyUse | undefined;
}

const readOptions = createOptionReader<
  RetrySettings & Pick<MeshFetchOptions, 'dispatcher' | 'fetch'> & { readonly proxy: ProxyUse }
>(fetchOptionTable);

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
  const { dispatcher, fetch, proxy, ...settings } = readOptions('createMeshFetch', options);
  const loads = new OriginLoads();
  const transportFor = (given: AnyDispatcher | undefined): FetchTransport =>
    fetch === undefined
      ? ownFetch({ dispatch: dispatchOf(transportOf(given ?? chosenDispatcher() ?? ownTransport(proxy))) })
      : foreignFetch(fetch, given && transportOf(given));
  return async (input, init) => {
    if (init !== undefined) assertKnownOptions('meshFetch', 'init', requestOptionTable, init);
    const request = await fetchRequest(input, init);
    const transport = transportFor(init?.dispatcher ?? dispatcher);
    // Not HTTP (data:, blob:): nothing is sent anywhere.
    if (request.origin === undefined) {
      const signal = request.init.signal ?? new AbortController().signal;
      return transport(request, request.body?.next(), signal, (cause) => cause).response;
    }
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

/** One for each use of a proxy, as the global dispatcher is one: all requests of the process share its connections. */
function ownTransport(proxy: ProxyUse): Dispatcher {
  const known = ownTransports.get(proxy);
  if (known !== undefined) return known;
  const made = createTransport(undefined, proxy);
  ownTransports.set(proxy, made);
  return made;
}

const ownTransports = new Map<ProxyUse, Dispatcher>();
