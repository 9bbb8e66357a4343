// Run: npx node examples/http-metrics/main.ts
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createMeshFetch } from '../../src/http/index.ts';
import { RetryMetrics } from './metrics.ts';

const metrics = new RetryMetrics();
const fetch = createMeshFetch({ backoffBaseMs: 10 });

// A service that is overloaded for its first two requests, and always for orders.
let requests = 0;
const service = createServer((request, reply) => {
  requests += 1;
  reply.statusCode = requests <= 2 || request.method === 'POST' ? 503 : 200;
  reply.end(reply.statusCode === 200 ? 'here you are\n' : 'busy\n');
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/items`;

process.stdout.write(await (await fetch(url)).text());
process.stdout.write(await (await fetch(url, { method: 'POST', body: 'one' })).text());
process.stdout.write(metrics.text());
service.close();
service.closeAllConnections();
