import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { request } from 'undici';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createMeshAgent, meshFetch } from '../../../src/http/index.ts';
import { startFaultServer } from '../../helpers/fault-server.ts';

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

const twice503 = () => startFaultServer((_, number) => (number < 3 ? { do: 'reply', status: 503 } : { do: 'reply' }));
const statuses = () => exporter.getFinishedSpans().map(({ attributes }) => attributes['http.response.status_code']);

test('one span per attempt, of the agent', async () => {
  const server = await twice503();
  const dispatcher = createMeshAgent({ backoffBaseMs: 1 });
  await (await request(server.url, { dispatcher })).body.dump();
  expect(statuses()).toEqual([503, 503, 200]);
  // Each attempt carries its own trace context to the server.
  expect(new Set(server.received.map(({ headers }) => headers.traceparent)).size).toBe(3);
  await dispatcher.destroy();
  await server.close();
});

test('one span per attempt, of meshFetch', async () => {
  const server = await twice503();
  await (await meshFetch(server.url, { meshRetry: { backoffBaseMs: 1 } })).text();
  expect(statuses()).toEqual([503, 503, 200]);
  await server.close();
});
