import { setTimeout as delay } from 'node:timers/promises';
import { startFaultServer } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { clients } from './clients.ts';
import { median, type Row } from './table.ts';

const OUTAGE_MS = 2_000;
const ROUNDS = 25;
// What has not come back by then is as good as lost for this purpose.
const GIVE_UP_MS = 12_000;

/** One GET, made when nobody listens: how long after the return of the server does it arrive? All clients at once, several rounds. */
export async function measureRecovery(): Promise<Row[]> {
  const made = clients();
  const delays = made.map((): number[] => []);
  const rounds = Array.from({ length: ROUNDS }, async () => {
    await Promise.all(made.map(async (client, at) => delays[at]?.push(await recovery(client.call))));
  });
  await Promise.all(rounds);
  for (const client of made) await client.close();
  return made.map(({ name }, at) => {
    const lost = delays[at]?.filter((ms) => !Number.isFinite(ms)).length ?? 0;
    const middle = median(delays[at] ?? []);
    return {
      client: name,
      'median ms': Number.isFinite(middle) ? Math.round(middle) : 'never',
      'worst ms': Number.isFinite(Math.max(...(delays[at] ?? [])))
        ? Math.round(Math.max(...(delays[at] ?? [])))
        : 'never',
      lost: `${lost} of ${ROUNDS}`,
    };
  });
}

async function recovery(call: (url: string, call: { method: 'GET' }) => Promise<number>): Promise<number> {
  const port = await freePort();
  const pending = call(`http://127.0.0.1:${port}/`, { method: 'GET' }).then(
    (status) => (status === 200 ? performance.now() : Number.POSITIVE_INFINITY),
    () => Number.POSITIVE_INFINITY,
  );
  await delay(OUTAGE_MS);
  const server = await startFaultServer(() => ({ do: 'reply' }), port);
  const back = performance.now();
  const arrived = await Promise.race([pending, delay(GIVE_UP_MS, Number.POSITIVE_INFINITY, { ref: false })]);
  await server.close();
  return arrived - back;
}
