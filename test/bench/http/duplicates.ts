import { setTimeout as delay } from 'node:timers/promises';
import { type Script, startFaultServer } from '../../helpers/fault-server.ts';
import { type Client, clients } from './clients.ts';
import type { Row } from './table.ts';

const ufReply = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
const own = { server: 'envoy', 'content-type': 'text/plain' };

/** What a server gets twice, or empty, that it should have got once and whole. */
export async function measureDuplicates(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const client of clients()) {
    rows.push({
      client: client.name,
      'POST read, then reset': await extra(client, () => ({ do: 'reset' }), Buffer.from('order')),
      'early reply to 16 MB': await extra(
        client,
        () => ({ do: 'early reply', status: 503, headers: { ...own, connection: 'close' }, body: ufReply }),
        Buffer.alloc(16 * 1024 * 1024, 'x'),
      ),
      'UF after a delivered try': await extra(
        client,
        () => ({
          do: 'reply',
          status: 503,
          headers: own,
          body: ufReply.replace('reset reason', 'retried and the latest reset reason'),
        }),
        Buffer.from('order'),
      ),
    });
    await client.close();
  }
  return rows;
}

async function extra(client: Client, first: Script, body: Buffer): Promise<number> {
  const server = await startFaultServer((request, number) => (number === 1 ? first(request, number) : { do: 'reply' }));
  const call = client.call(`${server.url}/`, { method: 'POST', body }).catch(() => {});
  await Promise.race([call, delay(8_000, undefined, { ref: false })]);
  const surplus = server.received.length - 1;
  await server.close();
  return surplus;
}
