import type { Dispatcher } from 'undici';

type Call = readonly [name: string, ...args: unknown[]];

/** A caller's handler that writes down what it is told, and the controller that it was given. */
export class RecordingHandler implements Dispatcher.DispatchHandler {
  readonly calls: Call[] = [];
  /** Every controller that any call brought: there must be one. */
  readonly controllers = new Set<unknown>();
  error: unknown;
  readonly #onStart: ((controller: Dispatcher.DispatchController) => void) | undefined;

  constructor(onStart?: (controller: Dispatcher.DispatchController) => void) {
    this.#onStart = onStart;
  }

  get controller(): Dispatcher.DispatchController {
    return [...this.controllers][0] as Dispatcher.DispatchController;
  }

  /** Names of the calls, in order. */
  get names(): string[] {
    return this.calls.map(([name]) => name);
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.controllers.add(controller);
    this.calls.push(['start', context]);
    this.#onStart?.(controller);
  }

  onBodySent(chunk: Buffer): void {
    this.calls.push(['body sent', String(chunk)]);
  }

  onRequestSent(): void {
    this.calls.push(['request sent']);
  }

  onResponseStarted(): void {
    this.calls.push(['response started']);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: object, text?: string): void {
    this.controllers.add(controller);
    this.calls.push(['head', status, headers, text]);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.controllers.add(controller);
    this.calls.push(['data', String(chunk)]);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: object): void {
    this.controllers.add(controller);
    this.calls.push(['end', trailers]);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (controller !== null) this.controllers.add(controller);
    this.error = error;
    this.calls.push(['error', error]);
  }
}
