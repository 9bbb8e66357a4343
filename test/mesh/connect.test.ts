import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointProof, waitForEndpoint } from '../../src/connect/index.ts';
import { createDatabase, type Database, type DatabaseName } from '../helpers/database-servers.ts';
import { type Envoy, envoyMissing } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

// Real servers behind a real Envoy: an Envoy that is up accepts every connection, whatever the state of the server.

const servers: readonly [DatabaseName, string, RegExp][] = [
  ['postgres', 'postgres', /answers SSLRequest with [SN]/],
  ['mariadbd', 'mysql', /greets as ".*MariaDB/],
  ['redis-server', 'redis', /answers PING with PONG/],
  ['rabbitmq-server', 'amqp', /answers with Connection.Start/],
];
const generous = { deadlineMs: 100_000, backoffBaseMs: 20, backoffCapMs: 100 };

describe.skipIf(envoyMissing()).each(servers)('%s through a real Envoy', (name, scheme, proof) => {
  describe.skipIf(serverMissing(name))('waitForEndpoint', () => {
    let database: Database;
    let port: number;
    let envoy: Envoy | undefined;
    const startProxy = async () => {
      envoy = await startTcpProxy(port, database.port);
    };
    const stopAll = async () => {
      await envoy?.stop();
      envoy = undefined;
      await database.stop();
    };
    beforeAll(async () => {
      database = await createDatabase(name);
      port = await freePort();
    });
    afterEach(stopAll);
    afterAll(() => database.remove());

    /** Begins to wait; `reasons` fills with why not yet. */
    const wait = () => {
      const reasons: string[] = [];
      const note = (fields: object) => void reasons.push((fields as { reason: string }).reason);
      const logger = { debug: note, info: note, warn: note, error: note };
      let result: EndpointProof | undefined;
      const waiting = waitForEndpoint(`${scheme}://127.0.0.1:${port}`, { ...generous, logger });
      waiting.then(
        (found) => {
          result = found;
        },
        () => {},
      );
      return { waiting, reasons, result: () => result };
    };

    it('waits for the server although every connection is accepted', async () => {
      await startProxy();
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.destroy();
      const { waiting, reasons, result } = wait();
      await until('some attempts', () => reasons.length > 3);
      expect(result()).toBeUndefined();
      expect(reasons[0]).toMatch(/before an answer/);
      database.start();
      expect((await waiting).proof).toMatch(proof);
    }, 120_000);

    it('waits while both restart', async () => {
      database.start();
      await startProxy();
      await wait().waiting;
      await stopAll();
      const { waiting, reasons } = wait();
      await until('a refusal', () => reasons.some((reason) => reason.includes('ECONNREFUSED')));
      await startProxy();
      await until('a connection that Envoy ends', () => reasons.some((reason) => reason.includes('before an answer')));
      database.start();
      expect((await waiting).proof).toMatch(proof);
    }, 120_000);
  });
});
