import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envoyMissing } from '../../helpers/envoy.ts';
import { createOrdersInAPod, type Orders, type OrdersInAPod } from '../../helpers/orders-in-a-pod.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { rollOut } from '../../helpers/rollout.ts';
import { httpClient } from '../../helpers/rollout-load.ts';
import { serverMissing } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

/** Fifty requests a second, and what became of them since the last look. */
function startLoad(orders: Orders) {
  const seen: string[] = [];
  const open = new Set<Promise<void>>();
  const one = async () => {
    const outcome = await orders.ask().then(
      ({ status, body }) => {
        if (status !== 200) return `${status} ${JSON.stringify(body)}`;
        return body.price === 7 && /^\d{4}-/.test(String(body.at)) ? 'right' : `wrong: ${JSON.stringify(body)}`;
      },
      (error: Error) => `${error.name} ${(error.cause as { code?: string } | undefined)?.code}`,
    );
    seen.push(outcome);
  };
  const timer = setInterval(() => {
    const asked = one().finally(() => open.delete(asked));
    open.add(asked);
  }, 20);
  return {
    /** Each outcome once. */
    take: () => [...new Set(seen.splice(0))].sort(),
    async end() {
      clearInterval(timer);
      await Promise.all(open);
      return [...new Set(seen)].sort();
    },
  };
}

describe.skipIf(envoyMissing() || serverMissing('postgres') || serverMissing('redis-server'))(
  'the Node service of the examples, under load',
  () => {
    let pod: OrdersInAPod;
    beforeEach(async () => {
      pod = await createOrdersInAPod();
      pod.deliver();
      pod.database.start();
      pod.redis.start();
    });
    afterEach(() => pod.remove());
    const refused = '503 {"error":"a dependency does not answer"}';

    it('heals by itself after restarts of Redis, PostgreSQL and the sidecar, and says meanwhile how it is', async () => {
      const orders = await pod.start();
      const ready = (status: number) => until(`${status} of /readyz`, async () => (await orders.readyz()) === status);
      const cached = () => until('a price from the cache', async () => (await orders.ask()).body.cached === true);
      await ready(200);
      await cached();
      const load = startLoad(orders);
      const rightOnly = async () => {
        load.take();
        await delay(500);
        return load.take().join() === 'right';
      };
      await delay(500);
      expect(load.take()).toEqual(['right']);

      // The cache is no condition: nobody notices.
      await pod.redis.stop();
      for (let i = 0; i < 40; i++) {
        expect(await orders.readyz()).toBe(200);
        await delay(50);
      }
      expect(load.take()).toEqual(['right']);
      pod.redis.start();
      await cached();
      expect(load.take()).toEqual(['right']);

      await pod.database.stop();
      await ready(503);
      load.take();
      await delay(1_000);
      expect(load.take()).toEqual([refused]);
      expect(await orders.readyz()).toBe(503);
      pod.database.start();
      await ready(200);
      await until('right answers alone', rightOnly);
      expect(await orders.readyz()).toBe(200);

      await pod.stopSidecar();
      await ready(503);
      load.take();
      await delay(1_000);
      expect(load.take()).toEqual([refused]);
      await pod.startSidecar();
      await ready(200);
      await cached();
      await until('right answers alone', rightOnly);

      await delay(1_000);
      expect(await load.end()).toEqual(['right']);
      orders.running.child.kill('SIGTERM');
      expect(await orders.running.ended).toEqual({ code: 0, signal: null });
    }, 120_000);

    it('loses no request in a roll-out, with the times that it has in Kubernetes', async () => {
      const result = await rollOut(
        { restarts: 4, requestsPerSecond: 100 },
        {
          address: ownAddress(),
          clientOf: (port) => httpClient(port, ['GET']),
          tell: async ({ child }) => void child.kill('SIGTERM'),
          async start({ port, health }) {
            const env = { PORT: `${port}`, HEALTH_PORT: `${health}`, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
            const orders = await pod.start(env);
            await until('a replica that is ready', async () => (await orders.readyz()) === 200);
            const { child, ended } = orders.running;
            return { child, ended, kill: () => void child.kill('SIGKILL') };
          },
        },
      );
      expect(result.failures).toEqual({});
      expect(result.requests).toBeGreaterThan(2_000);
    }, 180_000);
  },
);
