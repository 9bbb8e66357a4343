import * as accepted from '../../shared/accepted.ts';
import { assertArgument } from '../../shared/option-table.ts';
import { ForeignClient, type MeshAdapterOptions } from './foreign-client.ts';
import { type GrpcMetadata, type NextGrpcCall, RepeatedUnaryCall } from './repeated-unary-call.ts';

/** What grpc-js hands to an interceptor, as far as it is used here. */
export interface InterceptedCall {
  readonly method_definition: {
    /** `/package.Service/Method` */
    readonly path: string;
    readonly requestStream: boolean;
    readonly responseStream: boolean;
  };
  readonly deadline?: Date | number | undefined;
}

/** An interceptor of grpc-js: for the option `interceptors` of a client, or of one call. */
export type MeshInterceptor = <Options extends InterceptedCall, Call>(
  options: Options,
  nextCall: (options: Options) => unknown,
) => Call;

/**
 * Makes an interceptor of grpc-js that repeats unary calls by the rules of this library: what never reached the server until `deadlineMs`,
 * and what may have been processed `maxRetries` times, if it may be done twice. What surfaces is the status of the last call. A call's own
 * deadline and its `cancel()` end pauses, too. Streams are passed on as they are. Turn off gRPC's own retries of the service config, if
 * you have set any.
 *
 * @param isIdempotent whether the method with this path (`/package.Service/Method`) may be done twice, which gRPC does not tell: it sends
 *   every call as a POST. Default: none may, but a call whose metadata has an `idempotency-key`
 * @throws MeshOptionError for a wrong option
 */
export function createMeshInterceptor(
  options?: MeshAdapterOptions,
  isIdempotent?: (path: string) => boolean,
): MeshInterceptor {
  if (isIdempotent !== undefined) {
    assertArgument('createMeshInterceptor', 'isIdempotent', accepted.callback, isIdempotent);
  }
  const client = new ForeignClient('createMeshInterceptor', options);
  const interceptor = (call: InterceptedCall, nextCall: (options: InterceptedCall) => NextGrpcCall): unknown => {
    const { path, requestStream, responseStream } = call.method_definition;
    if (requestStream || responseStream) return nextCall(call);
    // The budget is the service's: an interceptor is not told where its calls go.
    const [, service = '', method = ''] = path.split('/');
    const facts = (metadata: GrpcMetadata) => ({
      method: 'POST',
      origin: `grpc://${service}`,
      path: `/${method}`,
      headers: metadata.getMap(),
      idempotent: isIdempotent?.(path) === true ? true : undefined,
    });
    return new RepeatedUnaryCall(client, facts, () => nextCall(call), call.deadline);
  };
  return interceptor as MeshInterceptor;
}
