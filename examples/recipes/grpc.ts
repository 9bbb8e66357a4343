import type { ServiceError } from '@grpc/grpc-js';
import { isSafeToRetry } from '../../src/http/index.ts';

/**
 * Repeats a unary call of grpc-js while that is safe: it never reached the server, or it is idempotent.
 *
 * @param call makes the call once, for example `(done) => client.getUser(request, done)`
 */
export async function meshCall<Reply>(
  call: (done: (error: ServiceError | null, reply?: Reply) => void) => void,
  { idempotent = false, attempts = 5 } = {},
): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await new Promise<Reply>((resolve, reject) => {
        call((error, reply) => (error === null ? resolve(reply as Reply) : reject(error)));
      });
    } catch (error) {
      // gRPC sends every call as a POST.
      if (attempt >= attempts || !isSafeToRetry(error, { method: 'POST', idempotent })) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 250 * 2 ** (attempt - 1)));
    }
  }
}
