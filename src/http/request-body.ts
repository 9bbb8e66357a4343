import { Readable } from 'node:stream';
import { types } from 'node:util';
import { kindOf, sendableChunk } from './body-chunks.ts';
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
  /** The request has failed: what the body holds open is closed, and who still reads it gets nothing more. */
  discard(): void;
}

const nothing = () => {};

/** After so many chunks timers and sockets have their turn: a generator that never waits would keep the deadline from running. */
const chunksInARow = 64;

/**
 * Any body that undici's dispatchers take, or a function that makes one for each attempt.
 * What can be read once only is passed on unread: an attempt that never got as far as the body leaves it whole.
 *
 * @throws TypeError for what cannot be sent
 */
export function replayableBody(body: unknown): ReplayableBody {
  if (typeof body === 'function') return new MadeBody(body as () => unknown);
  if (!isIterable(body)) {
    if (isRepeatable(body)) return repeatedBody(body);
    throw new TypeError(
      `the request body is ${kindOf(body)}; it must be a string, bytes, a Blob, a form, a stream or an iterable`,
    );
  }
  if (isRepeatable(body)) {
    if (Array.isArray(body)) body.forEach(sendableChunk);
    return repeatedBody(body);
  }
  // Of these it is known without reading what can be read once.
  if (types.isMap(body) || types.isSet(body)) for (const chunk of body) sendableChunk(chunk);
  return new OneShotBody(body);
}

function repeatedBody(body: unknown): ReplayableBody {
  return { next: () => body, canReplay: () => true, discard: nothing };
}

/** The body is the same however often it is read. */
export function isRepeatable(body: unknown): boolean {
  return (
    body === null ||
    body === undefined ||
    typeof body === 'string' ||
    ArrayBuffer.isView(body) ||
    types.isAnyArrayBuffer(body) ||
    body instanceof Blob ||
    Array.isArray(body)
  );
}

type Chunks = AsyncIterable<unknown> | Iterable<unknown>;

function isIterable(body: unknown): body is Chunks {
  return typeof body === 'object' && body !== null && (Symbol.asyncIterator in body || Symbol.iterator in body);
}

/** A function's bodies, one for each attempt. */
class MadeBody implements ReplayableBody {
  readonly #make: () => unknown;
  #last: ReplayableBody | undefined;

  constructor(make: () => unknown) {
    this.#make = make;
  }

  next(): unknown {
    // The attempt before may not have come as far as its body.
    this.discard();
    const body = this.#make();
    // Of a form each attempt would have another boundary; all else would be sent as the name of its class.
    if ((isRepeatable(body) || isIterable(body)) && !isForm(body)) {
      this.#last = replayableBody(body);
      return this.#last.next();
    }
    throw new TypeError(
      `the function for the request body returned ${kindOf(body)}; it must return a string, bytes, a Blob, a stream or an iterable (a form can be replayed as it is and needs no function)`,
    );
  }

  canReplay(): boolean {
    return true;
  }

  discard(): void {
    this.#last?.discard();
    this.#last = undefined;
  }
}

/**
 * A stream, iterator or generator. What makes the request sees an iterable that is first touched when a connection is there; handed the
 * stream itself, it would destroy it when the connection fails.
 */
class OneShotBody implements ReplayableBody {
  readonly #source: Chunks;
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  #chunks = 0;
  #isOver = false;

  constructor(source: Chunks) {
    this.#source = source;
    // Until it is read nobody else listens, and an error that nobody hears ends the process. `next()` tells it.
    if (source instanceof Readable) source.on('error', nothing);
  }

  next(): AsyncIterable<string | Uint8Array> {
    if (this.#source instanceof Readable && this.#source.errored) throw this.#source.errored;
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#read(), return: () => this.#close() }) };
  }

  async #read(): Promise<IteratorResult<string | Uint8Array, undefined>> {
    // undici's fetch goes on reading a body after its request was aborted, without end where the body has none (8.13.1, and 8.10.2 in Node 26.10).
    if (this.#isOver) {
      await this.#close();
      throw new Error('the request that this body was for is over');
    }
    this.#iterator ??= iteratorOf(this.#source);
    this.#chunks += 1;
    if (this.#chunks % chunksInARow === 0) await new Promise(setImmediate);
    const { done, value } = await this.#iterator.next();
    if (done) return { done, value: undefined };
    try {
      return { done: false, value: sendableChunk(value) };
    } catch (error) {
      // Whoever reads does not close what has failed.
      await this.#close();
      throw error;
    }
  }

  /** Called when an attempt fails: an untouched source stays whole. */
  async #close(): Promise<IteratorResult<never, undefined>> {
    await this.#iterator?.return?.();
    return { done: true, value: undefined };
  }

  canReplay(): boolean {
    return this.#iterator === undefined;
  }

  discard(): void {
    this.#isOver = true;
    if (this.#iterator !== undefined) return;
    if (this.#source instanceof Readable) this.#source.destroy();
    // A locked stream belongs to somebody else.
    else if (this.#source instanceof ReadableStream) this.#source.cancel().catch(nothing);
  }
}

function iteratorOf(source: Chunks): AsyncIterator<unknown> | Iterator<unknown> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** What must be encoded first: pairs, or a form of Node's or any undici's, of which each refuses the others'. */
export function isForm(body: unknown): body is FormData | URLSearchParams {
  // The package form-data says that it is one too, and is a stream that must be told apart: its fields cannot be read.
  return (isOfClass(body, 'URLSearchParams') || isOfClass(body, 'FormData')) && isIterable(body);
}

/** A form as text or bytes, with one boundary for all attempts: replayed byte for byte, and the same for both classes. */
export async function encodeForm(
  form: FormData | URLSearchParams,
): Promise<{ readonly body: string | Uint8Array; readonly contentType: string }> {
  if (isOfClass(form, 'URLSearchParams')) {
    return { body: form.toString(), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  const { FormData: OwnFormData, Response: OwnResponse } = undici();
  const own = new OwnFormData();
  for (const [name, value] of form as FormData) own.append(name, value);
  const response = new OwnResponse(own);
  const body = new Uint8Array(await response.arrayBuffer());
  return { body, contentType: response.headers.get('content-type') ?? 'multipart/form-data' };
}
