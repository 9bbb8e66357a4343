import { codeOf } from './network-error.ts';
import {
  contextWithin,
  type OpenTelemetry,
  openTelemetry,
  propagationHeaders,
  type Span,
  type TraceContext,
} from './open-telemetry.ts';
import { withoutQuery } from './without-query.ts';

const clientKind = 2;
const errorStatus = 2;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);

/**
 * One span of OpenTelemetry for a request with all of its attempts, by the semantic conventions for HTTP (1.40, "HTTP client span", the
 * second way): it ends with the head of the final reply, since nobody knows whether the app will read the rest, and it is an error where
 * the request failed in the end. What instrumentations would make of the single attempts is left out.
 */
export class RequestSpan {
  /** For each attempt; by them the server's spans become children of this one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #api: OpenTelemetry;
  readonly #span: Span;
  readonly #context: TraceContext;
  #resent = 0;
  #told: string | undefined;
  #ended = false;

  constructor(
    api: OpenTelemetry,
    request: { readonly method: string; readonly origin: string; readonly path: string },
  ) {
    const method = knownMethods.has(request.method) ? request.method : '_OTHER';
    const url = new URL(request.origin);
    const attributes = {
      'http.request.method': method,
      ...(method === '_OTHER' ? { 'http.request.method_original': request.method } : {}),
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
      'url.full': `${url.origin}${withoutQuery(request.path)}`,
      'url.scheme': url.protocol.slice(0, -1),
    };
    this.#api = api;
    const name = method === '_OTHER' ? 'HTTP' : method;
    this.#span = api.trace
      .getTracer('mesh-shim')
      .startSpan(name, { kind: clientKind, attributes }, api.context.active());
    this.#context = contextWithin(api, this.#span);
    this.headers = propagationHeaders(api, this.#span);
  }

  /** Makes an attempt. */
  run<Result>(attempt: () => Result): Result {
    return this.#api.context.with(this.#context, attempt);
  }

  /** An attempt has failed and will be repeated. A wait has one event, not one for each time that it asks. */
  resent(failure: string, facts: { readonly pauseMs: number; readonly neverSent: boolean }): void {
    this.#resent += 1;
    const { neverSent, pauseMs } = facts;
    if (neverSent && this.#told === failure) return;
    this.#told = failure;
    this.#span.addEvent(neverSent ? 'mesh_shim.wait' : 'mesh_shim.retry', {
      'error.type': failure,
      'mesh_shim.never_sent': neverSent,
      'mesh_shim.pause_ms': pauseMs,
    });
  }

  replied(status: number): void {
    this.#span.setAttribute('http.response.status_code', status);
    if (status >= 400) {
      this.#span.setAttribute('error.type', String(status));
      this.#span.setStatus({ code: errorStatus });
    }
    this.#end();
  }

  failed(error: unknown): void {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    this.#span.setAttribute('error.type', codeOf(error) ?? name);
    this.#span.setStatus({ code: errorStatus, message });
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#resent > 0) this.#span.setAttribute('http.request.resend_count', this.#resent);
    this.#span.end();
  }
}

/** Undefined where the app does not trace. */
export function startSpan(request: {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
}): RequestSpan | undefined {
  const api = openTelemetry();
  return api === undefined || !URL.canParse(request.origin) ? undefined : new RequestSpan(api, request);
}
