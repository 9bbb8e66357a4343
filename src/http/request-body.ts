import { Readable } from 'node:stream';
import { URLSearchParams } from 'node:url';
import { undici } from './undici.ts';
import { isOfClass } from './web-class.ts';

/** A body as it is handed to one attempt, and whether it can be handed to another. */
export interface ReplayableBody {
  /**
   * The body for the next attempt.
   *
   * @throws what the caller's own function or stream fails with: there is nothing to send then
   */
  next(): unknown;
  /** Whether `next()` gives the whole body once more. */
  canReplay(): boolean;
  /** The request is over without having read the body: what it holds open is closed. */
  discard(): void;
}

const nothing = () => {};

/**
 * Any body that undici's dispatchers take, or a function that makes one for each attempt.
 * What can be read once only is passed on unread: an attempt that never got as far as the body leaves it whole.
 */
export function replayableBody(body: unknown): ReplayableBody {
  if (typeof body === 'function') return { next: () => madeBody(body()), canReplay: () => true, discard: nothing };
  if (isRepeatable(body)) return { next: () => body, canReplay: () => true, discard: nothing };
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

/** Refuses what would be sent as the name of its class, or be encoded differently each time. */
function madeBody(body: unknown): unknown {
  if (isRepeatable(body)) return body;
  const isIterable =
    typeof body === 'object' && body !== null && (Symbol.asyncIterator in body || Symbol.iterator in body);
  if (!isIterable || isForm(body)) {
    throw new TypeError(
      `the function for the request body returned ${kindOf(body)}; it must return a string, bytes, a Blob, a stream or an iterable (a form can be replayed as it is and needs no function)`,
    );
  }
  return body;
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const { name } = value.constructor ?? Object;
  return name === 'Object' ? 'a plain object' : `a ${name}`;
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
    // Until it is read nobody else listens, and an error that nobody hears ends the process. `next()` tells it.
    if (source instanceof Readable) source.on('error', nothing);
  }

  next(): AsyncIterable<unknown> {
    if (this.#source instanceof Readable && this.#source.errored) throw this.#source.errored;
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

  discard(): void {
    if (this.#iterator !== undefined) return;
    if (this.#source instanceof Readable) this.#source.destroy();
    // A locked stream belongs to somebody else.
    else if (this.#source instanceof ReadableStream) this.#source.cancel().catch(nothing);
  }
}

function iteratorOf(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> | Iterator<unknown> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (Symbol.iterator in source) return source[Symbol.iterator]();
  throw new TypeError(
    `the request body is ${kindOf(source)}; it must be a string, bytes, a Blob, a form, a stream or an iterable`,
  );
}

/** What must be encoded first: pairs, or a form of Node's or any undici's, of which each refuses the others'. */
export function isForm(body: unknown): body is FormData | URLSearchParams {
  return body instanceof URLSearchParams || isOfClass(body, 'FormData');
}

/** A form as text or bytes, with one boundary for all attempts: replayed byte for byte, and the same for both classes. */
export async function encodeForm(
  form: FormData | URLSearchParams,
): Promise<{ readonly body: string | Uint8Array; readonly contentType: string }> {
  if (form instanceof URLSearchParams) {
    return { body: form.toString(), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  const { FormData: OwnFormData, Response: OwnResponse } = undici();
  const own = new OwnFormData();
  for (const [name, value] of form) own.append(name, value);
  const response = new OwnResponse(own);
  const body = new Uint8Array(await response.arrayBuffer());
  return { body, contentType: response.headers.get('content-type') ?? 'multipart/form-data' };
}
