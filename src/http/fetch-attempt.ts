import type { Dispatcher } from 'undici';
import { type FetchRequest, fetchOnce } from './fetch-request.ts';
import { type Trace, traced } from './traced-dispatcher.ts';

/** One attempt, and how far it got. */
export interface FetchAttempt {
  readonly response: Promise<Response>;
  readonly trace: Trace;
}

/**
 * What makes attempts.
 *
 * @param shown what the reader of a reply is told in place of an error of the network, as far as that can be changed
 */
export type FetchTransport = (
  request: FetchRequest,
  body: unknown,
  signal: AbortSignal,
  shown: (cause: Error) => Error,
) => FetchAttempt;

/** Makes attempts with the `fetch` of this library's undici, over a dispatcher that says how far they get. */
export function ownFetch(transport: Pick<Dispatcher, 'dispatch'>): FetchTransport {
  return (request, body, signal, shown) => {
    const { dispatcher, trace } = traced(transport, shown, body instanceof Blob ? body : undefined);
    return { trace, response: fetchOnce(dispatcher, request, body, signal) };
  };
}
