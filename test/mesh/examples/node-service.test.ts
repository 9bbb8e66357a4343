import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../helpers/database-servers.ts';
import { envoyMissing } from '../../helpers/envoy.ts';
import { cluster, httpListener, tcpListener } from '../../helpers/envoy-resources.ts';
import { freePort } from '../../helpers/free-port.ts';
import { runCommand } from '../../helpers/run-shim.ts';
import { serverMissing } from '../../helpers/servers.ts';
import { startSidecar } from '../../helpers/sidecar.ts';
import { until } from '../../helpers/until.ts';

const stopAll: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

describe.skipIf(envoyMissing() || serverMissing('postgres'))('the Node service of the examples', () => {
  it('waits for its sidecar, then for its database, serves through both, outlives a restart of the database, and ends in order', async () => {
    const sidecar = await startSidecar({ kind: 'istio' });
    stopAll.push(sidecar.stop);
    const database = await createDatabase('postgres');
    stopAll.push(database.remove);
    const [port, healthPort, databasePort, pricesPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const service = runCommand([process.execPath, 'examples/node-service/server.ts'], {
      env: {
        PORT: `${port}`,
        HEALTH_PORT: `${healthPort}`,
        ADMIN_URL: sidecar.adminUrl,
        READY_URL: sidecar.readyUrl,
        DATABASE_URL: `postgres://app:secret@127.0.0.1:${databasePort}/postgres`,
        PRICES_URL: `http://127.0.0.1:${pricesPort}`,
      },
    });
    const upstreamPort = sidecar.upstreamPort;
    sidecar.controlPlane.publish('clusters', [
      cluster({ name: 'db', ports: [database.port] }),
      cluster({ name: 'prices', ports: [upstreamPort] }),
    ]);
    expect(service.stdout()).toBe('');
    sidecar.controlPlane.publish('listeners', [
      tcpListener({ name: 'db', port: databasePort, cluster: 'db' }),
      httpListener({ name: 'prices', port: pricesPort, cluster: 'prices' }),
    ]);
    await service.saw(/mesh: ready/);
    await service.saw(/orders database/); // refused behind the Envoy that is up: said, and tried again
    expect(service.stdout()).not.toContain('database: connected');
    database.start();
    await service.saw(/serving on/);
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);
    const reply = await until('a reply', async () => await (await fetch(`http://127.0.0.1:${port}/`)).json());
    expect(reply).toEqual({ price: 'hello from the upstream', at: expect.stringMatching(/^\d{4}-/) });

    const readyz = async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status;
    const status = async () => (await fetch(`http://127.0.0.1:${port}/`)).status;
    await database.stop();
    expect(await status()).toBe(502);
    await until('that it is not ready', async () => (await readyz()) === 503);
    database.start();
    await until('a reply', async () => (await status()) === 200);
    await until('that it is ready', async () => (await readyz()) === 200);
    // The sidecar comes by the pod's address, not by loopback's first.
    expect((await fetch(`http://127.0.0.2:${port}/`)).status).toBe(200);

    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});
