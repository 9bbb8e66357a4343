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
  it('waits for its sidecar, then for its database, serves through both, and ends in order', async () => {
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
    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});
