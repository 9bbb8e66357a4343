import { setTimeout as delay } from 'node:timers/promises';
import { startFaultServer } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { clients } from './clients.ts';
import type { Row } from './table.ts';

const requests = 100;
const outageMs = 1_500;

/** A hundred POSTs made before the port is there, as at the start of a pod. */
export async function measureHerd(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const client of clients()) {
    const port = await freePort();
    const pending = Array.from({ length: requests }, () =>
      client.call(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'order' }).then(
        (status) => status === 200,
        () => false,
      ),
    );
    await delay(outageMs);
    const at: number[] = [];
    const server = await startFaultServer(() => {
      at.push(performance.now());
      return { do: 'reply' };
    }, port);
    const back = performance.now();
    const outcomes = await Promise.race([Promise.all(pending), delay(15_000, undefined, { ref: false })]);
    const most = Math.max(0, ...at.map((from) => at.filter((time) => time >= from && time < from + 50).length));
    rows.push({
      client: client.name,
      succeeded: outcomes?.filter(Boolean).length ?? 'hangs',
      'most in 50 ms': most,
      'first ms': at.length === 0 ? '-' : Math.round((at[0] ?? 0) - back),
      'last ms': at.length === 0 ? '-' : Math.round((at.at(-1) ?? 0) - back),
    });
    await client.close();
    await server.close();
  }
  return rows;
}
