import type { Agent, Dispatcher } from 'undici';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, isObject, type OptionRow, type OptionTable, optionTable } from '../shared/option-table.ts';
import type { ProxyUse } from './environment-proxy.ts';
import type { AnyFetch } from './foreign-fetch.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { retryOptionTable } from './retry-option-table.ts';

const dispatcher = accepted.withMethods('a Dispatcher of undici', 'dispatch');

const proxy: OptionRow<string, ProxyUse> & { readonly default: ProxyUse } = {
  name: 'proxy',
  ...accepted.oneOf(['as-node', 'environment', 'none']),
  default: 'as-node',
  text: "Whether requests to the outside go through the proxy of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`): `'as-node'` where Node's own `fetch` was told to (`NODE_USE_ENV_PROXY=1`, `--use-env-proxy`), `'environment'` always, `'none'` never. Addresses of this machine, of private networks and of the cluster are asked directly. Not used where there is a `dispatcher`.",
  reason: 'Egress that the operator has led through a proxy stays there, and no call in the mesh makes the detour.',
};

interface AgentOnly {
  readonly agent: Agent.Options | undefined;
  readonly dispatcher: Dispatcher | undefined;
  readonly proxy: ProxyUse;
}

interface FetchOnly extends Pick<AgentOnly, 'dispatcher' | 'proxy'> {
  readonly fetch: AnyFetch | undefined;
}

/** What `createMeshAgent` takes beside the options of retries. */
export const agentOnlyTable = optionTable<AgentOnly>({
  agent: {
    ...accepted.that("an object of options of undici's Agent", isObject),
    default: undefined,
    defaultText: "undici's own defaults, but HTTP/1.1 alone (`allowH2: false`)",
    text: 'Options of the Agent that is made: connections, TLS, timeouts. Not used where there is a `dispatcher`.',
    reason: 'Over HTTP/2 undici does not see every reply that is cut.',
  },
  dispatcher: {
    ...dispatcher,
    default: undefined,
    defaultText: 'an Agent with the options `agent`',
    text: 'Where single attempts go: a ProxyAgent, a composed dispatcher, of undici 6, 7 or 8. It is closed with the mesh agent.',
  },
  proxy,
});

/** The options of `createMeshAgent`. */
export const agentOptionTable: OptionTable<AllSet<MeshRetryOptions> & AgentOnly> = [
  ...retryOptionTable,
  ...agentOnlyTable,
];

/** What `createMeshFetch` takes beside the options of retries. */
export const fetchOnlyTable = optionTable<FetchOnly>({
  fetch: {
    ...accepted.callback,
    default: undefined,
    defaultText: "that of this library's undici",
    text: "The `fetch` that makes single attempts: Node's own, a test's, another package's. A `dispatcher` is handed on to it, `proxy` is not used.",
  },
  dispatcher: {
    ...dispatcher,
    default: undefined,
    defaultText: 'the global dispatcher that the app has set, else an Agent of this library',
    text: 'Where single attempts go: a dispatcher of undici 6, 7 or 8. Of a mesh agent the transport is taken: nothing is retried twice.',
  },
  proxy,
});

/** The options of `createMeshFetch`. */
export const fetchOptionTable: OptionTable<AllSet<MeshRetryOptions> & FetchOnly> = [
  ...retryOptionTable,
  ...fetchOnlyTable,
];

/** What a single request may say, beside the options of `fetch` or undici. */
export const requestOptionTable = optionTable<
  Pick<AgentOnly, 'dispatcher'> & {
    readonly idempotent: boolean | undefined;
    readonly meshRetry: MeshRetryOptions | undefined;
  }
>({
  dispatcher: {
    ...dispatcher,
    default: undefined,
    defaultText: 'that of the other requests',
    text: 'Where this request goes.',
  },
  idempotent: {
    ...accepted.flag,
    default: undefined,
    defaultText: 'by the method and the idempotency key',
    text: 'Whether this request may be done twice, whatever its method says.',
  },
  meshRetry: {
    ...accepted.that('an object of retry options', isObject),
    default: undefined,
    defaultText: 'the options of the client',
    text: 'Options of retries for this request alone.',
  },
});
