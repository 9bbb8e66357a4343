import type { Agent, Dispatcher } from 'undici';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, isObject, type OptionTable, optionTable } from '../shared/option-table.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { retryOptionTable } from './retry-option-table.ts';

const dispatcher = accepted.withMethods('a Dispatcher of undici', 'dispatch');

interface AgentOnly {
  readonly agent: Agent.Options | undefined;
  readonly dispatcher: Dispatcher | undefined;
}

/** What `createMeshAgent` takes beside the options of retries. */
export const agentOnlyTable = optionTable<AgentOnly>({
  agent: {
    ...accepted.that("an object of options of undici's Agent", isObject),
    default: undefined,
    defaultText: "undici's own defaults",
    text: 'Options of the Agent that is made: connections, TLS, timeouts. Not used where there is a `dispatcher`.',
  },
  dispatcher: {
    ...dispatcher,
    default: undefined,
    defaultText: 'an Agent with the options `agent`',
    text: 'Where single attempts go: a ProxyAgent, a composed dispatcher. It is closed with the mesh agent.',
  },
});

/** The options of `createMeshAgent`. */
export const agentOptionTable: OptionTable<AllSet<MeshRetryOptions> & AgentOnly> = [
  ...retryOptionTable,
  ...agentOnlyTable,
];

/** What `createMeshFetch` takes beside the options of retries. */
export const fetchOnlyTable = optionTable<Pick<AgentOnly, 'dispatcher'>>({
  dispatcher: {
    ...dispatcher,
    default: undefined,
    defaultText: "undici's global dispatcher",
    text: 'Where single attempts go. Of a mesh agent the transport is taken: nothing is retried twice.',
  },
});

/** The options of `createMeshFetch`. */
export const fetchOptionTable: OptionTable<AllSet<MeshRetryOptions> & Pick<AgentOnly, 'dispatcher'>> = [
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
