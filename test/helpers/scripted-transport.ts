import { Dispatcher } from 'undici';

/** One attempt as undici's side of it: the test plays what the connection does, call by call. Also the attempt's controller. */
export class ScriptedAttempt {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  aborted = false;
  paused = false;
  reason: Error | null = null;
  rawHeaders: Buffer[] | null = null;
  rawTrailers: Buffer[] | null = null;

  constructor(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
    this.options = options;
    this.handler = handler;
  }

  /** A connection is there, and the head of the request leaves. */
  connect(context: unknown = null): this {
    this.handler.onRequestStart?.(this.#controller, context);
    return this;
  }

  bodyPart(chunk: string): this {
    this.handler.onBodySent?.(Buffer.from(chunk));
    return this;
  }

  /** The whole request has been written. */
  sent(): this {
    this.handler.onRequestSent?.();
    return this;
  }

  head(status: number, headers: Record<string, string | string[]> = {}, statusText = ''): this {
    // fetch reads these, all others the parsed ones.
    this.rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().flatMap((one) => [Buffer.from(name), Buffer.from(one)]),
    );
    this.handler.onResponseStarted?.();
    this.handler.onResponseStart?.(this.#controller, status, headers, statusText);
    return this;
  }

  data(chunk: string | Buffer): this {
    this.handler.onResponseData?.(this.#controller, Buffer.from(chunk as string));
    return this;
  }

  end(trailers: Record<string, string> = {}): this {
    this.rawTrailers = Object.entries(trailers)
      .flat()
      .map((text) => Buffer.from(text));
    this.handler.onResponseEnd?.(this.#controller, trailers);
    return this;
  }

  /** A request and its whole reply, whose length is announced. */
  reply(status: number, headers: Record<string, string | string[]> = {}, body = ''): this {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    this.connect()
      .sent()
      .head(status, { ...length, ...headers });
    if (body !== '') this.data(body);
    return this.end();
  }

  fail(error: Error): this {
    this.handler.onResponseError?.(this.#controller, error);
    return this;
  }

  // The controller.

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.fail(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  get #controller(): Dispatcher.DispatchController {
    return this as unknown as Dispatcher.DispatchController;
  }
}

/** Plays an attempt, counted from 1, as soon as it is dispatched. */
export type AttemptScript = (attempt: ScriptedAttempt, number: number) => void;

/**
 * A dispatcher without sockets: for what no server can bring about at will (a late event, an abort between two calls), and for time that
 * is faked. What undici really does is met in test/network/http.
 */
export class ScriptedTransport extends Dispatcher {
  readonly attempts: ScriptedAttempt[] = [];
  /** What `dispatch` returns; undici's false asks for a pause. */
  ready = true;
  readonly #script: AttemptScript;

  constructor(script: AttemptScript = () => {}) {
    super();
    this.#script = script;
  }

  get last(): ScriptedAttempt {
    const last = this.attempts.at(-1);
    if (last === undefined) throw new Error('nothing was dispatched');
    return last;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const attempt = new ScriptedAttempt(options, handler);
    this.attempts.push(attempt);
    this.#script(attempt, this.attempts.length);
    return this.ready;
  }
}

/** An error as the network makes it. */
export function networkError(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more });
}
