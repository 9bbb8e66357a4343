import { expect, test } from 'vitest';
import { createAsker } from '../../../../src/mesh/ask/asker.ts';
import { recogniseSidecars } from '../../../../src/mesh/wait/recognise.ts';
import { createCountingSignal } from '../../../helpers/counting-signal.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { createMemoryNetwork } from '../../../helpers/memory-network.ts';
import { recordedReply } from '../../../helpers/other-meshes.ts';

interface Around {
  readonly ports?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

async function recognise(
  samples: Readonly<Record<number, string>>,
  { ports = Object.keys(samples).map(Number), env = {} }: Around = {},
) {
  const clock = createManualClock();
  const network = createMemoryNetwork();
  for (const [port, sample] of Object.entries(samples)) {
    const { status, body } = recordedReply(sample);
    network.serve(`127.0.0.1:${port}`, () => ({ status, body }));
  }
  const around = { listeningPorts: new Set(ports), read: (name: string) => env[name] };
  const found = recogniseSidecars(createAsker(network, clock), around, createCountingSignal().signal);
  await clock.advance(300);
  return { found: await found, asked: network.requests.length };
}

test.each([
  ['linkerd', 4191, 'linkerd/ready-before'],
  ['linkerd', 4191, 'linkerd/ready-after'],
  ['dapr', 3500, 'dapr/outbound-app-not-up'],
  ['cloud-sql-proxy', 9090, 'cloud-sql-proxy/startup-ready'],
  ['kuma', 9902, 'kuma-2.14/ready-before'],
  ['kuma', 9902, 'kuma-2.14/ready-after'],
  ['kuma', 9902, 'kuma-tcp-admin/ready-9902-while-not-live'],
  ['consul', 19_000, 'consul/admin-ready-before'],
])('%s on %i by %s', async (mesh, port, sample) => {
  expect((await recognise({ [port]: sample })).found).toEqual([mesh]);
});

test('a port alone is no sidecar', async () => {
  expect(
    (await recognise({ 4191: 'consul/lifecycle-other-path', 9090: 'cloud-sql-proxy/startup-404-prometheus-only' }))
      .found,
  ).toEqual([]);
});

test('what does not listen is not asked', async () => {
  expect(await recognise({ 4191: 'linkerd/ready-after' }, { ports: [] })).toEqual({ found: [], asked: 0 });
});

const quitUrls = 'http://localhost:9091/quitquitquit http://localhost:9092/quitquitquit';

test.each([
  ['dapr', { DAPR_HTTP_PORT: '3600' }, 3600, 'dapr/outbound-no-app-port'],
  ['cloud-sql-proxy', { CSQL_PROXY_QUIT_URLS: quitUrls }, 9801, 'cloud-sql-proxy/startup-ready'],
  ['cloud-sql-proxy, the second of two', { CSQL_PROXY_QUIT_URLS: quitUrls }, 9802, 'cloud-sql-proxy/startup-ready'],
])('%s where its variables say: %o', async (title, env, port, sample) => {
  expect((await recognise({ [port]: sample }, { env })).found).toEqual([title.split(',')[0]]);
  expect((await recognise({ [port]: sample })).found).toEqual([]);
});

test('several', async () => {
  const samples = { 4191: 'linkerd/ready-after', 3500: 'dapr/outbound-no-app-port' };
  expect((await recognise(samples)).found).toEqual(['linkerd', 'dapr']);
});
