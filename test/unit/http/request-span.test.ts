import { context, propagation, trace } from '@opentelemetry/api';
import { isTracingSuppressed, W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RequestSpan, startSpan } from '../../../src/http/request-span.ts';

const request = { method: 'GET', origin: 'http://orders', path: '/a?secret=1' };
const exporter = new InMemorySpanExporter();

beforeEach(() => {
  exporter.reset();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register({ propagator: new W3CTraceContextPropagator() });
});
afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

function started(more: Partial<typeof request> = {}): RequestSpan {
  const span = startSpan({ ...request, ...more });
  if (span === undefined) throw new Error('no span');
  return span;
}
const finished = () => {
  const spans = exporter.getFinishedSpans();
  expect(spans).toHaveLength(1);
  return spans[0] as (typeof spans)[number];
};

describe('there is none', () => {
  test('where nothing is registered', () => {
    for (const api of [trace, context, propagation]) api.disable();
    expect(startSpan(request)).toBeUndefined();
  });

  test('where only contexts are, or only traces', () => {
    trace.disable();
    expect(startSpan(request)).toBeUndefined();
    new NodeTracerProvider().register({ contextManager: null });
    context.disable();
    expect(startSpan(request)).toBeUndefined();
  });

  test('for what is no address', () => {
    expect(startSpan({ ...request, origin: 'nowhere' })).toBeUndefined();
  });
});

test.each([
  ['http://orders', 80, 'http'],
  ['https://orders', 443, 'https'],
  ['http://orders:8080', 8080, 'http'],
])('the attributes of %s', (origin, port, scheme) => {
  started({ origin }).replied(200);
  expect(finished()).toMatchObject({
    name: 'GET',
    kind: 2,
    status: { code: 0 },
    instrumentationScope: { name: 'mesh-shim' },
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': 'orders',
      'server.port': port,
      'url.full': `${origin}/a`,
      'url.scheme': scheme,
    },
  });
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])(
  '%s is known',
  (method) => {
    started({ method }).replied(200);
    expect(finished().name).toBe(method);
    expect(finished().attributes).not.toHaveProperty('http.request.method_original');
  },
);

test('another method is told beside the name that the conventions ask for', () => {
  started({ method: 'PURGE' }).replied(200);
  expect(finished().name).toBe('HTTP');
  expect(finished().attributes).toMatchObject({
    'http.request.method': '_OTHER',
    'http.request.method_original': 'PURGE',
  });
});

describe('the end', () => {
  test.each([
    [200, 0, undefined],
    [399, 0, undefined],
    [400, 2, '400'],
    [503, 2, '503'],
  ])('a reply of %s', (status, code, type) => {
    started().replied(status);
    expect(finished().status).toEqual({ code });
    expect(finished().attributes['error.type']).toBe(type);
  });

  test.each([
    [Object.assign(new Error('m'), { code: 'MESH_DEADLINE' }), 'MESH_DEADLINE', 'm'],
    [new RangeError('m'), 'RangeError', 'm'],
    ['thrown text', 'Error', 'thrown text'],
  ])('%s', (error, type, message) => {
    started().failed(error);
    expect(finished().status).toEqual({ code: 2, message });
    expect(finished().attributes['error.type']).toBe(type);
  });

  test('comes once', () => {
    const span = started();
    span.replied(200);
    span.failed(new Error('the reply broke off'));
    expect(finished().status.code).toBe(0);
  });
});

test('retries are events each, and a wait is one until its reason changes', () => {
  const span = started();
  for (const [failure, neverSent] of [
    ['ECONNREFUSED', true],
    ['ECONNREFUSED', true],
    ['503', false],
    ['503', false],
    ['ENETUNREACH', true],
  ] as const) {
    span.resent(failure, { neverSent, pauseMs: 7 });
  }
  span.replied(200);
  expect(finished().attributes['http.request.resend_count']).toBe(5);
  expect(finished().events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['mesh_shim.wait', { 'error.type': 'ECONNREFUSED', 'mesh_shim.never_sent': true, 'mesh_shim.pause_ms': 7 }],
    ['mesh_shim.retry', { 'error.type': '503', 'mesh_shim.never_sent': false, 'mesh_shim.pause_ms': 7 }],
    ['mesh_shim.retry', { 'error.type': '503', 'mesh_shim.never_sent': false, 'mesh_shim.pause_ms': 7 }],
    ['mesh_shim.wait', { 'error.type': 'ENETUNREACH', 'mesh_shim.never_sent': true, 'mesh_shim.pause_ms': 7 }],
  ]);
});

test('an attempt is within it, and makes no spans of its own', () => {
  const span = started();
  const within = span.run(() => context.active());
  expect(isTracingSuppressed(within)).toBe(true);
  span.replied(200);
  expect(trace.getSpan(within)?.spanContext()).toEqual(finished().spanContext());
  const { traceId, spanId } = finished().spanContext();
  expect(span.headers).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
});

test('without a propagator nothing is added to the request', () => {
  propagation.disable();
  expect(started().headers).toEqual({});
});
