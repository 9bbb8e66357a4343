import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, type Dispatcher, RetryAgent, request } from 'undici';
import { createMeshAgent } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { startHttpMesh } from '../../helpers/http-mesh.ts';
import { median, type Row } from './table.ts';

// Short turns and many rounds: what disturbs this machine lasts longer than a turn, and so disturbs all of a round alike.
const roundCount = 400;
const warmUpRounds = 30;
const requests = 300;
const concurrent = 20;

/** CPU time of this process per request; the server is another process. All clients share one Agent, and so its connections: what differs is theirs. */
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
  const agent = new Agent({ connections: concurrent });
  const contenders: readonly { name: string; dispatcher: Dispatcher }[] = [
    { name: 'undici.request', dispatcher: agent },
    // The same once more: how far its ratio is from 1 is what this machine's noise makes of nothing.
    { name: 'undici.request (control)', dispatcher: agent },
    { name: 'mesh agent', dispatcher: createMeshAgent({ dispatcher: agent, logger: silentLogger }) },
    { name: 'undici RetryAgent', dispatcher: new RetryAgent(agent) },
  ];
  const cpu = contenders.map((): number[] => []);
  for (let round = -warmUpRounds; round < roundCount; round += 1) {
    // Everybody's turn comes first, second, ... equally often, and after each other one: nobody always pays for another's garbage.
    const order = contenders.map((_, at) => (at + Math.abs(round)) % contenders.length);
    for (const at of round % 2 === 0 ? order : order.reverse()) {
      const used = await cpuOf(url, contenders[at]?.dispatcher as Dispatcher);
      if (round >= 0) cpu[at]?.push(used);
    }
  }
  await agent.close();
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
  let left = requests;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrent }, async () => {
      while (left > 0) {
        left -= 1;
        const { body } = await request(url, { dispatcher });
        await body.dump();
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
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
