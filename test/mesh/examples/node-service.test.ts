import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envoyMissing } from '../../helpers/envoy.ts';
import { createOrdersInAPod, type OrdersInAPod } from '../../helpers/orders-in-a-pod.ts';
import { serverMissing } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

// Under load, through restarts and in a roll-out: node-service.long.test.ts.
describe.skipIf(envoyMissing() || serverMissing('postgres') || serverMissing('redis-server'))(
  'the Node service of the examples, asked at an address of the pod',
  () => {
    let pod: OrdersInAPod;
    beforeEach(async () => {
      pod = await createOrdersInAPod();
    });
    afterEach(() => pod.remove());

    it('waits for its sidecar, then for its database, serves without a cache and then with it, and ends in order', async () => {
      const orders = await pod.start();
      await orders.running.saw(/waiting for sidecar/);
      expect(await orders.readyz()).toBe(503); // it answers during the wait
      await expect(orders.ask()).rejects.toThrow();
      pod.deliver();
      await orders.running.saw(/database: not connected/); // behind the Envoy that accepts for it
      pod.database.start();
      await until('that it is ready', async () => (await orders.readyz()) === 200);
      const price = { price: 7, cached: false, at: expect.stringMatching(/^\d{4}-/) };
      expect(await orders.ask()).toEqual({ status: 200, body: price });
      expect(await orders.ask()).toEqual({ status: 200, body: price });
      pod.redis.start();
      await until('a price from the cache', async () => (await orders.ask()).body.cached);

      orders.running.child.kill('SIGTERM');
      expect(await orders.running.ended).toEqual({ code: 0, signal: null });
      expect(orders.running.stderr()).not.toContain('"level":50');
    });

    it.each([
      ['with its status', 503, '7'],
      ['with 200', 200, '<html>503 Service Temporarily Unavailable</html>'],
      ['that is empty', 200, ''],
    ])('takes no error page for a price: one %s', async (_, status, body) => {
      pod.deliver();
      pod.database.start();
      pod.redis.start();
      Object.assign(pod.prices, { status, body });
      const orders = await pod.start();
      await until('that it is ready', async () => (await orders.readyz()) === 200);
      const failed = { status: 503, body: { error: 'a dependency does not answer' } };
      // More than once: on a busy machine a first call may fail by its limit.
      const seen: unknown[] = [];
      await until('the reason in the log', async () => {
        seen.push(await orders.ask());
        return orders.running.stdout().includes(`prices answered ${status}`);
      });
      expect(seen).toEqual(seen.map(() => failed));
      Object.assign(pod.prices, { status: 200, body: '8\n' });
      await until('a price', async () => (await orders.ask()).body.price === 8);
    });

    it('ends at once and with 0 when it is told to while it waits', async () => {
      const orders = await pod.start();
      await orders.running.saw(/waiting for sidecar/);
      orders.running.child.kill('SIGTERM');
      expect(await orders.running.ended).toEqual({ code: 0, signal: null });
      expect(orders.running.stdout()).not.toContain('uncaught');
    });
  },
);
