import { setTimeout as delay } from 'node:timers/promises';
import { startFaultServer } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { startHttpMesh } from '../../helpers/http-mesh.ts';
import { type Client, clients } from './clients.ts';
import { median, type Row } from './table.ts';

const outageMs = 2_000;
const roundCount = 11;
// What has not come back by then is as good as lost for this purpose.
const giveUpMs = 10_000;

/** A GET made when nobody listens, by all clients at once: how long after the return of the server does it succeed? */
export async function measureRecovery(withEnvoy: boolean): Promise<Row[]> {
  const made = clients();
  const port = await freePort();
  const direct: number[][] = [];
  while (direct.length < roundCount) direct.push(await recoveries(made, `http://127.0.0.1:${port}/`, port));
  const rows = summary(made, 'direct', direct);
  if (withEnvoy) {
    const mesh = await startHttpMesh();
    const through: number[][] = [];
    while (through.length < roundCount) through.push(await recoveries(made, `${mesh.url('istio')}/`, mesh.appPort));
    await mesh.stop();
    rows.push(...summary(made, 'through Envoy', through));
  }
  for (const client of made) await client.close();
  return rows;
}

/** Milliseconds from the return of the server to each client's success; Infinity for one that has none. */
async function recoveries(made: readonly Client[], url: string, port: number): Promise<number[]> {
  const pending = made.map(({ call }) =>
    call(url, { method: 'GET' }).then(
      (status) => (status === 200 ? performance.now() : Number.POSITIVE_INFINITY),
      () => Number.POSITIVE_INFINITY,
    ),
  );
  await delay(outageMs);
  const server = await startFaultServer(() => ({ do: 'reply' }), port);
  const back = performance.now();
  const late = delay(giveUpMs, Number.POSITIVE_INFINITY, { ref: false });
  const arrived = await Promise.all(pending.map((one) => Promise.race([one, late])));
  await server.close();
  return arrived.map((at) => at - back);
}

function summary(made: readonly Client[], path: string, rounds: readonly (readonly number[])[]): Row[] {
  return made.map(({ name }, at) => {
    const delays = rounds.map((round) => round[at] ?? Number.NaN);
    const lost = delays.filter((ms) => !Number.isFinite(ms)).length;
    return {
      client: name,
      path,
      'median ms': shown(median(delays)),
      'worst ms': shown(Math.max(...delays)),
      lost: `${lost} of ${delays.length}`,
    };
  });
}

function shown(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(0) : 'never';
}
