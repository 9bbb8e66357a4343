import { Agent, Dispatcher } from 'undici';
import { meshRetry } from './mesh-retry.ts';
import type { MeshRetryOptions } from './options.ts';

export interface MeshAgentOptions extends MeshRetryOptions {
  /** Options of undici's Agent: connections, TLS, timeouts, ... */
  readonly agent?: Agent.Options | undefined;
  /** Where requests go, instead of an Agent made from `agent`: a ProxyAgent, a composed dispatcher, ... Closed with this one. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A dispatcher for undici's `request`, `stream`, `pipeline` and `fetch` that repeats only what is safe to repeat. */
export class MeshAgent extends Dispatcher {
  /** Where single attempts go. */
  readonly transport: Dispatcher;
  readonly #retrying: Dispatcher.Dispatch;

  /** Use {@link createMeshAgent}. */
  constructor({ agent, dispatcher, ...retry }: MeshAgentOptions) {
    super();
    this.transport = dispatcher ?? new Agent(agent);
    this.#retrying = meshRetry(retry)(this.transport.dispatch.bind(this.transport));
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#retrying(options, handler);
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
}

/**
 * Makes a dispatcher that repeats only what is safe to repeat.
 *
 * Under `fetch` every body is a stream that can be read once: a request with a body is then repeated only while its body is untouched
 * (the connection never came about). Where bodies are to be replayed, use {@link meshFetch}.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createMeshAgent(options: MeshAgentOptions = {}): MeshAgent {
  return new MeshAgent(options);
}
