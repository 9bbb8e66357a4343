// An app as thousands are: its first line calls another service, and it knows nothing of a mesh.
import process from 'node:process';

// Only for the demo's timeline: when this process's Node started, to the millisecond.
process.stdout.write(`started ${performance.timeOrigin}\n`);

const url = process.env.UPSTREAM_URL ?? 'http://localhost:8080';
try {
  const response = await fetch(url);
  process.stdout.write(`GET ${url}: ${response.status} ${(await response.text()).trim()}\n`);
} catch (error) {
  const { cause } = error as { cause?: { code?: string } };
  process.stdout.write(`GET ${url}: ${cause?.code ?? error}\n`);
  process.exitCode = 1;
}
