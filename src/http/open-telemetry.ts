/** A context of OpenTelemetry: who is the parent, and what else is known down here. */
export interface TraceContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): TraceContext;
}

export interface Span {
  setAttribute(name: string, value: string | number | boolean): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  addEvent(name: string, attributes: Attributes): unknown;
  end(): void;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What an app has registered with OpenTelemetry's API, as far as it is used here. */
export interface OpenTelemetry {
  readonly trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { readonly kind: number; readonly attributes: Attributes },
        parent: TraceContext,
      ): Span;
    };
  };
  readonly context: {
    active(): TraceContext;
    with<Result>(context: TraceContext, run: () => Result): Result;
  };
  readonly propagation?: {
    inject(
      context: TraceContext,
      carrier: Headers,
      setter: { set(carrier: Headers, name: string, value: string): void },
    ): void;
  };
}

type Headers = Record<string, string>;

// How the copies of @opentelemetry/api in one process find what one of them was given, in all of its versions 1.x
// (src/internal/global-utils.ts, src/context/context.ts and src/trace/context-utils.ts of api 1.9; core 2: src/trace/suppress-tracing.ts).
const registered = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
const suppressedKey = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Undefined where the app does not trace, or not here. */
export function openTelemetry(): OpenTelemetry | undefined {
  const api = (globalThis as { readonly [key: symbol]: Partial<OpenTelemetry> | undefined })[registered];
  if (api?.trace === undefined || api.context === undefined) return undefined;
  return api.context.active().getValue(suppressedKey) === true ? undefined : (api as OpenTelemetry);
}

/** The context of what belongs to a span and shall make no spans of its own. */
export function contextWithin(api: OpenTelemetry, span: Span): TraceContext {
  return api.context.active().setValue(spanKey, span).setValue(suppressedKey, true);
}

/** The headers by which the server's spans find this one. */
export function propagationHeaders(api: OpenTelemetry, span: Span): Headers {
  const headers: Headers = {};
  api.propagation?.inject(api.context.active().setValue(spanKey, span), headers, {
    set(carrier, name, value) {
      carrier[name] = value;
    },
  });
  return headers;
}
