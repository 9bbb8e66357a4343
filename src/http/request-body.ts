import type { Dispatcher } from 'undici';
import { FormData as UndiciFormData, Response as UndiciResponse } from 'undici';

/** A body as it is handed to one attempt, and whether it can be handed to another. */
export interface ReplayableBody {
  /** The body for the next attempt. */
  next(): unknown;
  /** Whether `next()` gives the whole body once more. */
  canReplay(): boolean;
}

/** The options of one attempt, with the body that is its own. */
export function withBody(options: Dispatcher.DispatchOptions, body: ReplayableBody): Dispatcher.DispatchOptions {
  return { ...options, body: body.next() as NonNullable<Dispatcher.DispatchOptions['body']> };
}

/**
 * Any body that undici's dispatchers take, or a function that makes one for each attempt.
 * What can be read once only is passed on unread: an attempt that never got as far as the body leaves it whole.
 */
export function replayableBody(body: unknown): ReplayableBody {
  if (typeof body === 'function') return { next: () => body(), canReplay: () => true };
  if (isRepeatable(body)) return { next: () => body, canReplay: () => true };
  return new OneShotBody(body as AsyncIterable<unknown> | Iterable<unknown>);
}

/** The body is the same however often it is read. */
export function isRepeatable(body: unknown): boolean {
  return (
    body === null ||
    body === undefined ||
    typeof body === 'string' ||
    ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer ||
    body instanceof Blob ||
    Array.isArray(body)
  );
}

/**
 * A stream, iterator or generator. What makes the request sees an iterable that is first touched when a connection is there; handed the
 * stream itself, it would destroy it when the connection fails.
 */
class OneShotBody implements ReplayableBody {
  readonly #source: AsyncIterable<unknown> | Iterable<unknown>;
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;

  constructor(source: AsyncIterable<unknown> | Iterable<unknown>) {
    this.#source = source;
  }

  next(): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          this.#iterator ??= iteratorOf(this.#source);
          return this.#iterator.next();
        },
        // Called when an attempt fails: an untouched source stays whole.
        return: async () => {
          await this.#iterator?.return?.();
          return { done: true, value: undefined };
        },
      }),
    };
  }

  canReplay(): boolean {
    return this.#iterator === undefined;
  }
}

function iteratorOf(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> | Iterator<unknown> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (Symbol.iterator in source) return source[Symbol.iterator]();
  throw new TypeError('the request body is neither a stream nor iterable');
}

/** Node's FormData or undici's: two classes, and each refuses the other's. */
export function isFormData(body: unknown): body is FormData {
  return body instanceof FormData || body instanceof UndiciFormData;
}

/** A form as bytes, with one boundary for all attempts: replayed byte for byte, and the same for both classes. */
export async function encodeForm(
  form: FormData,
): Promise<{ readonly bytes: Uint8Array; readonly contentType: string }> {
  const response = form instanceof UndiciFormData ? new UndiciResponse(form as never) : new Response(form);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, contentType: response.headers.get('content-type') ?? 'multipart/form-data' };
}
