import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, expect, test } from 'vitest';
import { createMeshAgent } from '../../../src/http/index.ts';
import { startFaultServer } from '../../helpers/fault-server.ts';

const before = getGlobalDispatcher();
const agent = createMeshAgent({ backoffBaseMs: 5 });
setGlobalDispatcher(agent);
afterAll(async () => {
  setGlobalDispatcher(before);
  await agent.destroy();
});

test("as the global dispatcher it serves Node's own fetch: GET is repeated", async () => {
  const server = await startFaultServer((_, number) =>
    number === 1 ? { do: 'reply', status: 503 } : { do: 'reply', body: 'ok' },
  );
  const reply = await globalThis.fetch(server.url);
  expect([reply.status, await reply.text()]).toEqual([200, 'ok']);
  expect(server.received).toHaveLength(2);
  await server.close();
});

test("a body under Node's own fetch is sent whole and once", async () => {
  const server = await startFaultServer(() => ({ do: 'reply', status: 503, body: 'busy' }));
  const reply = await globalThis.fetch(server.url, { method: 'PUT', body: 'whole' });
  expect([reply.status, await reply.text()]).toEqual([503, 'busy']);
  expect(server.received.map(({ body }) => body.toString())).toEqual(['whole']);
  await server.close();
});
