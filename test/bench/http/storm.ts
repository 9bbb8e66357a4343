import { setTimeout as delay } from 'node:timers/promises';
import { startFaultServer } from '../../helpers/fault-server.ts';
import { clients } from './clients.ts';
import type { Row } from './table.ts';

const perSecond = 500;
const seconds = 3;

/** A steady rate of GETs at a service that answers 503: what arrives there, per request made. */
export async function measureStorm(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const client of clients()) {
    const server = await startFaultServer(() => ({ do: 'reply', status: 503, body: 'busy' }));
    const started = performance.now();
    const pending: Promise<unknown>[] = [];
    const made = perSecond * seconds;
    while (pending.length < made) {
      const due = Math.min(made, Math.floor(((performance.now() - started) / 1000) * perSecond));
      while (pending.length < due) pending.push(client.call(`${server.url}/`, { method: 'GET' }).catch(() => {}));
      await delay(2);
    }
    await Promise.race([Promise.all(pending), delay(15_000, undefined, { ref: false })]);
    rows.push({
      client: client.name,
      made,
      arrived: server.received.length,
      amplified: (server.received.length / made).toFixed(2),
    });
    await client.close();
    await server.close();
  }
  return rows;
}
