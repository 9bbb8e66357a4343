import type { Agent, Dispatcher } from 'undici';
import { failureText } from '../shared/failure-text.ts';
import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader } from '../shared/option-table.ts';
import { dispatchOf } from './any-undici.ts';
import { agentOptionTable } from './client-option-tables.ts';
import { createTransport, type ProxyUse } from './environment-proxy.ts';
import type { AnyDispatcher, NodeDispatcher } from './fetch-types.ts';
import { createRetryClient, type RetryClient, retryingDispatch } from './mesh-retry.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import type { RetrySettings } from './options.ts';
import { undici } from './undici.ts';

export interface MeshAgentOptions extends MeshRetryOptions {
  /**
   * Options of the Agent that is made: connections, TLS, timeouts. Not used where there is a `dispatcher`.
   *
   * Must be an object of options of undici's Agent. Default: undici's own defaults, but HTTP/1.1 alone (`allowH2:
   * false`). Over HTTP/2 undici does not see every reply that is cut.
   */
  readonly agent?: Agent.Options | undefined;
  /**
   * Where single attempts go: a ProxyAgent, a composed dispatcher, of undici 6, 7 or 8. It is closed with the mesh
   * agent.
   *
   * Must be a Dispatcher of undici. Default: an Agent with the options `agent`.
   */
  readonly dispatcher?: Dispatcher | undefined;
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
  RetrySettings & Pick<MeshAgentOptions, 'agent' | 'dispatcher'> & { readonly proxy: ProxyUse }
>(agentOptionTable);

/** A dispatcher for undici's `request`, `stream`, `pipeline` and `fetch` that repeats only what is safe to repeat. */
export type MeshAgent = Dispatcher &
  NodeDispatcher<unknown> & {
    /** Where single attempts go. */
    readonly transport: Dispatcher;
  };

/**
 * Makes a dispatcher that repeats only what is safe to repeat.
 *
 * Under `fetch` every body is a stream that can be read once: a request with a body is then repeated only while its body is untouched
 * (the connection never came about). Where bodies are to be replayed, use {@link meshFetch}.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createMeshAgent(options: MeshAgentOptions = {}): MeshAgent {
  const { agent, dispatcher, proxy, ...retry } = readOptions('createMeshAgent', options);
  meshAgentClass ??= createMeshAgentClass();
  return new meshAgentClass(dispatcher ?? createOwn(agent, proxy), createRetryClient(retry)) as unknown as MeshAgent;
}

function createOwn(options: Agent.Options | undefined, proxy: ProxyUse): Dispatcher {
  try {
    return createTransport(options, proxy);
  } catch (cause) {
    const isProxys = (cause as { readonly code?: unknown }).code === 'ERR_INVALID_URL';
    const fault = isProxys
      ? {
          at: 'proxy',
          value: proxy,
          accepts: 'the proxy of an environment whose HTTP_PROXY and HTTPS_PROXY are addresses',
        }
      : { at: 'agent', value: options, accepts: "options that undici's Agent takes" };
    throw new MeshOptionError('createMeshAgent', { ...fault, got: failureText(cause) }, { cause });
  }
}

/** The same in every copy of this library: a bundle may carry one, and a package that the app uses another. */
const transportKey: unique symbol = Symbol.for('mesh-shim.transport');

/** Where single attempts go: the transport of a mesh agent, or the dispatcher itself. */
export function transportOf(dispatcher: AnyDispatcher & { readonly [transportKey]?: Dispatcher }): Dispatcher {
  return dispatcher[transportKey] ?? (dispatcher as Dispatcher);
}

let meshAgentClass: ReturnType<typeof createMeshAgentClass> | undefined;

/** Made with the first agent, for what it extends is not loaded before. */
function createMeshAgentClass() {
  return class MeshAgent extends undici().Dispatcher {
    readonly transport: Dispatcher;
    readonly [transportKey]: Dispatcher;
    readonly #retrying: Dispatcher.Dispatch;

    constructor(transport: Dispatcher, client: RetryClient) {
      super();
      this.transport = transport;
      this[transportKey] = transport;
      this.#retrying = retryingDispatch(dispatchOf(transport), client);
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      // The `request` of undici 6 and 7 names the dispatcher among the options, which undici 8 refuses.
      if (!('dispatcher' in options)) return this.#retrying(options, handler);
      const { dispatcher: _, ...others } = options;
      return this.#retrying(others, handler);
    }

    override close(): Promise<void>;
    override close(callback: () => void): void;
    override close(callback?: () => void): Promise<void> | undefined {
      if (callback === undefined) return this.transport.close();
      this.transport.close(callback);
      return undefined;
    }

    override destroy(): Promise<void>;
    override destroy(error: Error | null): Promise<void>;
    override destroy(callback: () => void): void;
    override destroy(error: Error | null, callback: () => void): void;
    override destroy(...args: [] | [unknown] | [unknown, unknown]): Promise<void> | undefined {
      return Reflect.apply(this.transport.destroy, this.transport, args);
    }
  };
}
