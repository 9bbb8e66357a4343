import type { EventEmitter } from 'node:events';
import * as accepted from '../../shared/accepted.ts';
import { assertArgument } from '../../shared/option-table.ts';
import { isRepeatable } from '../request-body.ts';
import { canExtend } from './can-extend.ts';
import { ForeignClient, judge, type MeshAdapterOptions } from './foreign-client.ts';

/** What got hands to a handler, as far as it is used here; the same in got 14 and 16. */
interface GotOptions {
  readonly method: string;
  readonly url: string | URL | undefined;
  readonly headers: { readonly [name: string]: unknown };
  readonly body: unknown;
  readonly isStream: boolean;
  retry: object;
}

interface GotError {
  readonly request?: (EventEmitter & { readonly redirectUrls?: readonly URL[] | undefined }) | undefined;
}

const instance = accepted.that('got, or an instance of it', canExtend);

type GotHandler = (options: GotOptions | undefined, next: (options: GotOptions | undefined) => unknown) => unknown;

/**
 * Makes an instance of got that repeats by the rules of this library in place of got's own: `limit`, `methods`, `statusCodes`, `errorCodes`
 * and `maxRetryAfter` no longer count. Hooks, time limits and errors stay got's. `got.stream` stays
 * as it is.
 *
 * @param got the app's own, or an instance of it; got 14 and later
 * @throws MeshOptionError for a wrong option
 */
export function createMeshGot<Got extends { extend(...options: never[]): unknown }>(
  got: Got,
  options?: MeshAdapterOptions,
): Got {
  assertArgument('createMeshGot', 'got', instance, got);
  const client = new ForeignClient('createMeshGot', options);
  const handler: GotHandler = (request, next) => {
    // What got itself will refuse has no options, or no address.
    if (request?.url === undefined || request.isStream) return next(request);
    const { method, headers } = request;
    const { origin, pathname } = new URL(request.url);
    const exchange = client.begin({ method, origin, path: pathname, headers, idempotent: undefined });
    exchange.attempts = 1;
    // A form is encoded to what can be read once by got 14.
    const replayable = isRepeatable(request.body);
    request.retry = {
      ...request.retry,
      // The decision is `calculateDelay`'s alone: got's own lists are not enforced.
      enforceRetryRules: false,
      calculateDelay: ({ error }: { readonly error: GotError }) => {
        const redirected = (error.request?.redirectUrls?.length ?? 0) > 0;
        const decision = judge(exchange, { replayable, redirected }, error);
        if (decision?.retry !== true) return 0;
        exchange.attempts += 1;
        muteRefusal(error);
        // got takes 0 for a no.
        return Math.max(1, decision.pauseMs);
      },
    };
    const end = () => exchange.end();
    try {
      const reply = next(request);
      Promise.resolve(reply).then(end, end);
      return reply;
    } catch (error) {
      end();
      throw error;
    }
  };
  return got.extend({ handlers: [handler] } as never) as Got;
}

/**
 * Node 24 and later tells the writer of a refused connection, too. To got 14 that comes late, when it waits for the next attempt, and
 * would be the end of the request.
 */
function muteRefusal({ request }: GotError): void {
  if (request === undefined) return;
  const listeners = request.listeners('error');
  request.removeAllListeners('error');
  request.on('error', (error: { readonly code?: unknown }) => {
    if (error.code === 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION') return;
    for (const listener of listeners) Reflect.apply(listener, request, [error]);
  });
}
