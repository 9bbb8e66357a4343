import * as accepted from '../../shared/accepted.ts';
import { assertArgument } from '../../shared/option-table.ts';
import { isForm, isRepeatable } from '../request-body.ts';
import { ForeignClient, type MeshAdapterOptions } from './foreign-client.ts';

/** What axios hands to an adapter, as far as it is used here; the same in axios 0.30 and 1. */
interface AxiosConfig {
  readonly url?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly allowAbsoluteUrls?: boolean | undefined;
  readonly method?: string | undefined;
  readonly headers?: { readonly [name: string]: unknown } | undefined;
  readonly data?: unknown;
  readonly signal?: unknown;
  readonly cancelToken?: CancelToken | undefined;
}

interface CancelToken {
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}

type AxiosAdapter = (config: AxiosConfig) => Promise<unknown>;

interface Axios<Instance, Defaults> {
  create(config?: Defaults): Instance;
  getUri(config?: { url?: string; baseURL?: string; allowAbsoluteUrls?: boolean }): string;
  readonly defaults: { readonly adapter?: unknown };
  /** axios 1 alone. */
  readonly getAdapter?: unknown;
}

const itself = accepted.that('axios itself, which hands out its adapters: axios 0.30, or 1.5 and later', (value) => {
  const { defaults, create, getAdapter } = (value ?? {}) as Partial<Axios<unknown, never>>;
  if (typeof create !== 'function' || defaults === undefined) return false;
  return typeof defaults.adapter === 'function' || typeof getAdapter === 'function';
});

/**
 * Makes an instance of axios that repeats by the rules of this library, below its interceptors and transforms: each of them sees a request
 * once. Time limits and errors stay axios's. Without axios-retry: each would repeat what the other has repeated.
 *
 * @param axios the app's own; axios 0.30, and 1.5 and later
 * @param defaults of the instance, as `axios.create` takes them
 * @throws MeshOptionError for a wrong option
 */
export function createMeshAxios<Instance, Defaults extends object>(
  axios: Axios<Instance, Defaults>,
  options?: MeshAdapterOptions,
  defaults?: Defaults,
): Instance {
  assertArgument('createMeshAxios', 'axios', itself, axios);
  const client = new ForeignClient('createMeshAxios', options);
  const adapterOf = adaptersOf(axios, (defaults as { readonly adapter?: unknown } | undefined)?.adapter);
  const adapter: AxiosAdapter = (config) => {
    const {
      url = '',
      baseURL = '',
      allowAbsoluteUrls = true,
      method = 'get',
      headers,
      data,
      signal,
      cancelToken,
    } = config;
    const cancelled = new AbortController();
    const { origin, pathname } = new URL(axios.getUri({ url, baseURL, allowAbsoluteUrls }), 'http://localhost');
    const request = {
      method: method.toUpperCase(),
      origin,
      path: pathname,
      headers,
      idempotent: undefined,
      replayable: isReplayable(data),
      signals: [signal, cancelled.signal].filter(isSignal),
    };
    const cancel = () => cancelled.abort();
    cancelToken?.subscribe(cancel);
    const send = adapterOf(config);
    const hooks = { failureOf: (reply: unknown) => reply, discard: closeStream };
    return client.run(request, () => send(config), hooks).finally(() => cancelToken?.unsubscribe(cancel));
  };
  return axios.create({ ...defaults, adapter } as unknown as Defaults);
}

/** axios 1 keeps the names of adapters, of which it takes the first that works here; axios 0.30 the adapter itself. */
function adaptersOf(
  axios: object & Pick<Axios<unknown, never>, 'defaults'>,
  own: unknown,
): (config: AxiosConfig) => AxiosAdapter {
  const given = own ?? axios.defaults.adapter;
  if (typeof given === 'function') return () => given as AxiosAdapter;
  const { getAdapter } = axios as unknown as { getAdapter(names: unknown, config: AxiosConfig): AxiosAdapter };
  return (config) => getAdapter(given, config);
}

/** The form of another package is a stream, and sent once. */
function isReplayable(data: unknown): boolean {
  return isRepeatable(data) || (isForm(data) && !('pipe' in data));
}

/** axios takes any object that is one by its methods. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof (value as Partial<AbortSignal> | null | undefined)?.addEventListener === 'function';
}

/** A reply that was asked for as a stream holds its connection until somebody has read it. */
function closeStream(outcome: unknown): void {
  const { response, data } = outcome as { readonly response?: { readonly data?: unknown }; readonly data?: unknown };
  const body = (response?.data ?? data) as { readonly destroy?: () => void } | null | undefined;
  if (typeof body?.destroy === 'function') body.destroy();
}
