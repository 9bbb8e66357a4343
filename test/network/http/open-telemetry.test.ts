import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Agent, request } from 'undici';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch, type MeshRetryOptions, silentLogger } from '../../../src/http/index.ts';
import type { Script } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { once, serving } from '../../helpers/serving.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const instrumentation = new UndiciInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.enable();
afterAll(async () => {
  instrumentation.disable();
  await provider.shutdown();
});
beforeEach(() => exporter.reset());

const { serve, atEnd } = serving();
const pauses = { backoffBaseMs: 1, arrivalBaseMs: 20, arrivalCapMs: 40, logger: silentLogger };
const twice503: Script = (_, number) => (number < 3 ? { do: 'reply', status: 503 } : { do: 'reply' });
const finished = () => exporter.getFinishedSpans();
const theSpan = () => {
  expect(finished().map(({ name }) => name)).toHaveLength(1);
  return finished()[0] as ReturnType<typeof finished>[number];
};

type Ask = (
  url: string,
  options?: MeshRetryOptions,
  init?: { method?: string; body?: string; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<number>;

const viaFetch: Ask = async (url, options, init = {}) => {
  const dispatcher = new Agent();
  atEnd(() => dispatcher.destroy());
  const reply = await createMeshFetch({ ...pauses, dispatcher, ...options })(url, init);
  await reply.text();
  return reply.status;
};
const viaAgent: Ask = async (url, options, init = {}) => {
  const dispatcher = createMeshAgent({ ...pauses, ...options });
  atEnd(() => dispatcher.destroy());
  const { statusCode, body } = await request(url, { dispatcher, ...init } as never);
  await body.dump();
  return statusCode;
};

describe.each([
  ['meshFetch', viaFetch],
  ['the agent', viaAgent],
])('one span per request, of %s', (_, ask) => {
  test('that was repeated: no error, its attempts as events', async () => {
    const server = await serve(twice503);
    await ask(`${server.url}/orders?secret=1`);
    const { kind, status, attributes, events, name } = theSpan();
    expect({ name, kind, status }).toEqual({
      name: 'GET',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': server.port,
      'url.full': `${server.url}/orders`,
      'url.scheme': 'http',
      'http.response.status_code': 200,
      'http.request.resend_count': 2,
    });
    expect(events.map((event) => [event.name, event.attributes?.['error.type']])).toEqual([
      ['mesh_shim.retry', '503'],
      ['mesh_shim.retry', '503'],
    ]);
  });

  test('that waited: one event for all the times that it asked', async () => {
    const port = await freePort();
    const asked = ask(`http://127.0.0.1:${port}/`, undefined, { method: 'POST', body: 'an order' });
    await new Promise((done) => setTimeout(done, 500));
    await serve(() => ({ do: 'reply' }), port);
    expect(await asked).toBe(200);
    const { status, attributes, events } = theSpan();
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes['http.request.resend_count']).toBeGreaterThan(3);
    expect(events.map((event) => event.name)).toEqual(['mesh_shim.wait']);
  });

  test('that was not repeated has no resend_count', async () => {
    const server = await serve(() => ({ do: 'reply' }));
    await ask(server.url);
    expect(theSpan().attributes).not.toHaveProperty('http.request.resend_count');
  });

  test('that failed by its reply is an error', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503 }));
    expect(await ask(server.url)).toBe(503);
    const { status, attributes } = theSpan();
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes).toMatchObject({
      'error.type': '503',
      'http.response.status_code': 503,
      'http.request.resend_count': 2,
    });
  });

  test.each<[string, MeshRetryOptions, string]>([
    ['the network', {}, 'MESH_INTERRUPTED'],
    ['its deadline', { deadlineMs: 50 }, 'MESH_DEADLINE'],
  ])('that failed by %s is an error', async (what, options, type) => {
    const server = await serve(() => ({ do: what === 'the network' ? 'reset' : 'hang' }));
    await expect(ask(server.url, options, { method: 'POST', body: 'x' })).rejects.toThrow();
    const { status, attributes } = theSpan();
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(attributes['error.type']).toBe(type);
  });

  test('that was aborted is an error', async () => {
    const stop = new AbortController();
    const server = await serve(() => {
      setTimeout(() => stop.abort(), 20);
      return { do: 'hang' };
    });
    await expect(ask(server.url, {}, { signal: stop.signal })).rejects.toThrow();
    expect(theSpan().status.code).toBe(SpanStatusCode.ERROR);
  });

  test('is the child of the span around it, and the parent of what the server does for each attempt', async () => {
    const server = await serve(twice503);
    await trace.getTracer('app').startActiveSpan('around', async (around: Span) => {
      await ask(server.url);
      // What comes after it is traced again, and is no child of it.
      trace.getTracer('app').startSpan('after').end();
      around.end();
    });
    const [own, after, around] = ['GET', 'after', 'around'].map((name) =>
      finished().find((span) => span.name === name),
    );
    expect(finished()).toHaveLength(3);
    expect(own?.parentSpanContext?.spanId).toBe(around?.spanContext().spanId);
    expect(after?.parentSpanContext?.spanId).toBe(around?.spanContext().spanId);
    const { traceId, spanId } = own?.spanContext() ?? {};
    expect(server.received.map(({ headers }) => headers.traceparent)).toEqual(
      Array(3).fill(`00-${traceId}-${spanId}-01`),
    );
  });

  test("a traceparent of the caller's own stays", async () => {
    const server = await serve(() => ({ do: 'reply' }));
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';
    await ask(server.url, {}, { headers: { traceparent } });
    expect(server.received[0]?.headers.traceparent).toBe(traceparent);
  });

  test('none where tracing is suppressed', async () => {
    const server = await serve(() => ({ do: 'reply' }));
    await context.with(suppressTracing(context.active()), () => ask(server.url));
    expect(finished()).toEqual([]);
    expect(server.received[0]?.headers).not.toHaveProperty('traceparent');
  });

  test("one per attempt, by the app's instrumentation, with spans: 'attempts'", async () => {
    const server = await serve(twice503);
    await ask(server.url, { spans: 'attempts' });
    expect(finished().map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 503, 200]);
    expect(new Set(server.received.map(({ headers }) => headers.traceparent)).size).toBe(3);
  });

  test('ends with the head of the reply, whatever becomes of the rest', async () => {
    const server = await serve(once({ do: 'half reply', body: 'half of it' }));
    await ask(server.url).catch(() => {});
    expect(theSpan().status.code).toBe(SpanStatusCode.UNSET);
  });
});
