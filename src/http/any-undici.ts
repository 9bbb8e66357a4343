import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isWrittenAtOnce } from './paced-body.ts';
import { undici } from './undici.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;

/** The dispatch of a dispatcher, whose undici may be another copy, of another version. */
export function dispatchOf(dispatcher: Pick<Dispatcher, 'dispatch'>): Dispatcher.Dispatch {
  const dispatch: Dispatcher.Dispatch = (options, handler) => dispatcher.dispatch(options, handler);
  return dispatcher instanceof undici().Dispatcher ? dispatch : anyUndici(dispatch);
}

/**
 * Lets a dispatch of undici 6, 7 or 8 be called as that of 8 is.
 *
 * Undici 6 knows other calls, and takes the request's handler for broken. Undici 7 knows both, and says by those of 8 nothing of the body;
 * what it takes of the body shows when it has been sent (lib/handler/unwrap-handler.js of undici 7.30).
 */
export function anyUndici(dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch {
  return (options, handler) => {
    const atOnce = isWrittenAtOnce(options.body);
    const bridge = new EitherHandler(handler, atOnce);
    const chunks = options.body as unknown as AsyncIterable<unknown> | undefined;
    if (atOnce || chunks?.[Symbol.asyncIterator] === undefined) return dispatch(options, bridge);
    return dispatch({ ...options, body: withEnd(chunks, () => bridge.onRequestSent()) as never }, bridge);
  };
}

async function* withEnd(chunks: AsyncIterable<unknown>, atEnd: () => void): AsyncGenerator<unknown> {
  yield* chunks;
  atEnd();
}

/** Takes the calls of undici 7 and 8 and those of undici 6, and passes all on as the first. */
class EitherHandler implements Handler {
  readonly #handler: Handler;
  readonly #atOnce: boolean;
  #older = new OlderController(() => {});
  #connected = false;
  #sent = false;

  /** @param atOnce the body is written together with the head of the request */
  constructor(handler: Handler, atOnce: boolean) {
    this.#handler = handler;
    this.#atOnce = atOnce;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#connected = true;
    this.#sent = false;
    this.#handler.onRequestStart?.(controller, context);
    if (this.#atOnce && !controller.aborted) this.onRequestSent();
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    if (this.#sent) return;
    this.#sent = true;
    this.#handler.onRequestSent?.();
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onRequestUpgrade(controller: Controller, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.#handler.onRequestUpgrade?.(controller, status, headers, socket);
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, text?: string): void {
    this.#handler.onResponseStart?.(controller, status, headers, text);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller | null, error: Error): void {
    this.#handler.onResponseError?.(controller as Controller, error);
  }

  // What undici 6 calls.

  onConnect(abort: (reason?: Error) => void, context: unknown): void {
    this.#older = new OlderController(abort);
    this.onRequestStart(this.#older, context);
  }

  onUpgrade(status: number, rawHeaders: Buffer[], socket: Duplex): void {
    this.#older.rawHeaders = rawHeaders;
    this.onRequestUpgrade(this.#older, status, parsed(rawHeaders), socket);
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, text?: string): boolean {
    this.#older.read = resume;
    this.#older.rawHeaders = rawHeaders;
    this.onResponseStart(this.#older, status, parsed(rawHeaders), text);
    return !this.#older.paused;
  }

  onData(chunk: Buffer): boolean {
    this.onResponseData(this.#older, chunk);
    return !this.#older.paused;
  }

  onComplete(rawTrailers: Buffer[] | null): void {
    this.#older.rawTrailers = rawTrailers;
    this.onResponseEnd(this.#older, parsed(rawTrailers ?? []));
  }

  onError(error: Error): void {
    this.onResponseError(this.#connected ? this.#older : null, error);
  }
}

/** The controller of a request that undici 6 makes. */
class OlderController implements Controller {
  rawHeaders: Buffer[] | null = null;
  rawTrailers: Buffer[] | null = null;
  paused = false;
  reason: Error | null = null;
  read = () => {};
  readonly #abort: (reason: Error) => void;

  constructor(abort: (reason: Error) => void) {
    this.#abort = abort;
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason: Error): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.#abort(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.read();
  }
}

function parsed(raw: Buffer[]): IncomingHttpHeaders {
  return undici().util.parseHeaders(raw) as IncomingHttpHeaders;
}
