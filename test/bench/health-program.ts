// Starts one kind of health server; a line of input asks what it costs in memory, or blocks the main thread for so many ms.
import { createServer } from 'node:http';
import process from 'node:process';

const [kind = 'bare', bundle = ''] = process.argv.slice(2);
const before = { ms: performance.now(), rss: process.memoryUsage.rss() };
const port = await start();
process.stdout.write(`${JSON.stringify({ port, startMs: performance.now() - before.ms })}\n`);
process.stdin.setEncoding('utf8').on('data', (line: string) => {
  if (line.trim() === 'memory') {
    const rssMb = (process.memoryUsage.rss() - before.rss) / 2 ** 20;
    process.stdout.write(`${JSON.stringify({ rssMb })}\n`);
    return;
  }
  process.stdout.write('blocked\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(line));
  process.stdout.write('free\n');
});

async function start(): Promise<number> {
  if (kind === 'bare' || kind === 'terminus') {
    const server = createServer((_request, response) => response.end('ok'));
    if (kind === 'terminus') {
      const { createTerminus } = await import('@godaddy/terminus');
      createTerminus(server, { healthChecks: { '/livez': async () => {} }, signals: [] });
    }
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return (server.address() as { port: number }).port;
  }
  if (kind === 'lightship') {
    const { createLightship } = await import('lightship');
    const lightship = await createLightship({ port: 0, detectKubernetes: false, signals: [] });
    lightship.signalReady();
    return (lightship.server.address() as { port: number }).port;
  }
  const { createHealthServer } = (await import(bundle)) as typeof import('../../src/health/index.ts');
  const health = await createHealthServer({ port: 0, worker: kind === 'mesh-shim-worker' });
  health.setState('ready');
  return health.port;
}
