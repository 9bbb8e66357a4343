// Run: npx node examples/http-metrics/main.ts
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { createMeshFetch, silentLogger } from '../../src/http/index.ts';
import { countRetries } from './metrics.ts';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
countRetries(provider.getMeter('mesh-shim'));

// A service that is overloaded for its first two requests, and always for orders.
let requests = 0;
const service = createServer((request, reply) => {
  reply.setHeader('connection', 'close');
  requests += 1;
  reply.statusCode = requests <= 2 || request.method === 'POST' ? 503 : 200;
  reply.end(reply.statusCode === 200 ? 'here you are\n' : 'busy\n');
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
const { port } = service.address() as AddressInfo;
const url = `http://127.0.0.1:${port}/items`;

const fetch = createMeshFetch({ backoffBaseMs: 10, logger: silentLogger });
process.stdout.write(await (await fetch(url)).text());
process.stdout.write(await (await fetch(url, { method: 'POST', body: 'one' })).text());

// A client that may not repeat anything, and one that meets no service for a moment.
const thrifty = createMeshFetch({ retryBudget: 0, retryBudgetMin: 0, logger: silentLogger });
requests = 0;
process.stdout.write(await (await thrifty(url)).text());
service.closeAllConnections();
service.close();
await once(service, 'close');
const patient = fetch(url, { meshRetry: { arrivalBaseMs: 1000, arrivalCapMs: 1000, deadlineMs: 60_000 } });
setTimeout(() => service.listen(port, '127.0.0.1'), 200);
requests = 2;
process.stdout.write(await (await patient).text());

await provider.forceFlush();
for (const { metrics } of exporter.getMetrics().at(-1)?.scopeMetrics ?? []) {
  for (const { descriptor, dataPoints } of metrics) {
    for (const { attributes, value } of dataPoints) {
      const { origin: _, ...labels } = attributes;
      // How often it had to ask is a matter of chance.
      const shown = labels.never_sent === true ? 'some' : value;
      process.stdout.write(`${descriptor.name} ${JSON.stringify(labels)} ${shown}\n`);
    }
  }
}
service.closeAllConnections();
service.close();
await provider.shutdown();
