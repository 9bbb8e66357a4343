// An app as thousands are: the first thing it does is to call another service, and it knows nothing of a mesh.
import process from 'node:process';

// Only for the demo's timeline: when this process started, in ms since the epoch.
process.stdout.write(`started ${performance.timeOrigin}\n`);

const url = process.env.UPSTREAM_URL ?? 'http://localhost:8080';
try {
  const response = await fetch(url);
  process.stdout.write(`GET ${url}: ${response.status} ${await response.text()}`);
} catch (error) {
  const { cause } = error as { cause?: { code?: string } };
  process.stdout.write(`GET ${url}: ${cause?.code ?? String(error)}\n`);
  process.exitCode = 1;
}
