import { Agent, Dispatcher } from 'undici';
import { failureText } from '../shared/failure-text.ts';
import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader } from '../shared/option-table.ts';
import { agentOptionTable } from './client-option-tables.ts';
import { meshRetry } from './mesh-retry.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import type { RetrySettings } from './options.ts';

export interface MeshAgentOptions extends MeshRetryOptions {
  /**
   * Options of the Agent that is made: connections, TLS, timeouts. Not used where there is a `dispatcher`.
   *
   * Must be an object of options of undici's Agent. Default: undici's own defaults.
   */
  readonly agent?: Agent.Options | undefined;
  /**
   * Where single attempts go: a ProxyAgent, a composed dispatcher. It is closed with the mesh agent.
   *
   * Must be a Dispatcher of undici. Default: an Agent with the options `agent`.
   */
  readonly dispatcher?: Dispatcher | undefined;
}

const readOptions = createOptionReader<RetrySettings & Pick<MeshAgentOptions, 'agent' | 'dispatcher'>>(
  agentOptionTable,
);

/** A dispatcher for undici's `request`, `stream`, `pipeline` and `fetch` that repeats only what is safe to repeat. */
export class MeshAgent extends Dispatcher {
  /** Where single attempts go. */
  readonly transport: Dispatcher;
  readonly #retrying: Dispatcher.Dispatch;

  /** Use {@link createMeshAgent}. */
  constructor(options: MeshAgentOptions) {
    super();
    const { agent, dispatcher, ...retry } = readOptions('createMeshAgent', options);
    this.transport = dispatcher ?? createAgent(agent);
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

function createAgent(options: Agent.Options | undefined): Agent {
  try {
    return new Agent(options);
  } catch (cause) {
    const fault = { at: 'agent', value: options, accepts: "options that undici's Agent takes" };
    throw new MeshOptionError('createMeshAgent', { ...fault, got: failureText(cause) }, { cause });
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
