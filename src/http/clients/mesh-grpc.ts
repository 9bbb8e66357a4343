import { EventEmitter } from 'node:events';
import * as accepted from '../../shared/accepted.ts';
import { assertArgument } from '../../shared/option-table.ts';
import { ForeignClient, type MeshAdapterOptions } from './foreign-client.ts';

/** A client of grpc-js, as far as it is used here. */
interface GrpcClient {
  getChannel(): { getTarget(): string };
}

/** Makes a unary call once: `(done) => client.getUser(request, done)`. */
export type GrpcCall<Reply> = (done: (error: unknown, reply?: Reply) => void) => unknown;

const clientOfGrpc = accepted.withMethods('a client of grpc-js', 'getChannel');

/** What may be said of a call. */
export interface GrpcCallFacts {
  /** Whether the call may be done twice. Default: false, since gRPC sends every call as a POST. */
  readonly idempotent?: boolean | undefined;
  /** Ends a pause between two attempts. The call itself ends by its own deadline, or by its `cancel()`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a function that repeats unary calls of one grpc-js client by the rules of this library: what never reached the server until
 * `deadlineMs`, and what may have been processed `maxRetries` times, if it is idempotent. The error is that of the last call. Turn off
 * gRPC's own retries of the service config, if you have set any.
 *
 * @param client the app's own client; its target is what the retry budget is kept for
 * @throws MeshOptionError for a wrong option
 */
export function createMeshCall(
  client: GrpcClient,
  options?: MeshAdapterOptions,
): <Reply>(call: GrpcCall<Reply>, facts?: GrpcCallFacts) => Promise<Reply> {
  assertArgument('createMeshCall', 'client', clientOfGrpc, client);
  const foreign = new ForeignClient('createMeshCall', options);
  const origin = `grpc://${client.getChannel().getTarget()}`;
  return <Reply>(call: GrpcCall<Reply>, { idempotent = false, signal }: GrpcCallFacts = {}) => {
    const request = {
      method: 'POST',
      origin,
      path: '',
      headers: undefined,
      idempotent,
      replayable: true,
      signals: signal === undefined ? [] : [signal],
    };
    // A call that has got metadata was received, whatever words the error relays.
    const answered = new WeakSet<object>();
    return foreign.run(request, () => once(call, answered), {
      progressOf: (error) => ({ redirected: answered.has(Object(error)) }),
    });
  };
}

function once<Reply>(call: GrpcCall<Reply>, answered: WeakSet<object>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const made = call((error, reply) => {
      if (error === null || error === undefined) resolve(reply as Reply);
      else {
        if (isAnswered && typeof error === 'object') answered.add(error);
        reject(error);
      }
    });
    if (made instanceof EventEmitter) made.on('metadata', () => (isAnswered = true));
  });
}
