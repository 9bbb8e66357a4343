import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, type Dispatcher, RetryAgent, request } from 'undici';
import { createMeshAgent } from '../../../src/http/index.ts';
import { startHttpMesh } from '../../helpers/http-mesh.ts';
import { median, type Row } from './table.ts';

const ROUNDS = 60;
const REQUESTS = 1_000;
const CONCURRENT = 20;

/**
 * CPU time of this process per request. The server is another process, and the clients take turns in short rounds: what disturbs this
 * machine meanwhile disturbs them all.
 */
export async function measureClientCpu(withEnvoy: boolean): Promise<Row[]> {
  const server = await startServer(0);
  const rows = await compare(`http://127.0.0.1:${server.port}/`, 'direct');
  server.stop();
  if (!withEnvoy) return rows;
  const mesh = await startHttpMesh();
  const behind = await startServer(mesh.appPort);
  rows.push(...(await compare(`${mesh.url('istio')}/`, 'through Envoy')));
  behind.stop();
  await mesh.stop();
  return rows;
}

async function compare(url: string, path: string): Promise<Row[]> {
  const options = { connections: CONCURRENT };
  const contenders = [
    { name: 'undici.request', dispatcher: new Agent(options) },
    // The same once more: how far its ratio is from 1 is what this machine's noise makes of nothing.
    { name: 'undici.request (control)', dispatcher: new Agent(options) },
    { name: 'mesh agent', dispatcher: createMeshAgent({ agent: options }) },
    { name: 'undici RetryAgent', dispatcher: new RetryAgent(new Agent(options)) },
  ];
  const cpu = contenders.map((): number[] => []);
  for (let round = -4; round < ROUNDS; round += 1) {
    // To and fro, so that nobody always pays for the garbage of the same one.
    const order = [...contenders.keys()];
    for (const at of round % 2 === 0 ? order : order.reverse()) {
      const used = await cpuOf(url, contenders[at]?.dispatcher as Dispatcher);
      if (round >= 0) cpu[at]?.push(used);
    }
  }
  for (const { dispatcher } of contenders) await dispatcher.close();
  return contenders.map(({ name }, at) => ({
    client: name,
    path,
    'us/request': median(cpu[at] ?? []).toFixed(1),
    // Of each round with itself: what slows one round down slows all of it.
    ratio: median((cpu[at] ?? []).map((own, round) => (cpu[0]?.[round] ?? Number.NaN) / own)).toFixed(3),
  }));
}

/** Microseconds per request. */
async function cpuOf(url: string, dispatcher: Dispatcher): Promise<number> {
  let left = REQUESTS;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      while (left > 0) {
        left -= 1;
        const { body } = await request(url, { dispatcher });
        await body.dump();
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

async function startServer(port: number): Promise<{ port: number; stop: () => void }> {
  const child = fork(import.meta.filename, [String(port)], { env: { ...process.env, MESH_SHIM_BENCH_SERVER: '1' } });
  const [message] = (await once(child, 'message')) as [number];
  return { port: message, stop: () => void child.kill('SIGKILL') };
}

if (process.env.MESH_SHIM_BENCH_SERVER === '1') {
  const server = createServer((_, reply) => reply.end('hello'));
  server.keepAliveTimeout = 60_000;
  server.listen(Number(process.argv[2]), '127.0.0.1', () =>
    process.send?.((server.address() as { port: number }).port),
  );
}
