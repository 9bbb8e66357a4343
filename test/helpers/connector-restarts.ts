import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriverOptions } from '../../src/connect/drivers/driver-options.ts';
import { type ConnectedApp, used } from './connector-apps.ts';
import type { Database } from './database-servers.ts';
import type { Envoy } from './envoy.ts';
import { freePort } from './free-port.ts';
import { socketsTo } from './open-sockets.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

export interface RestartTest {
  /** @param sidecarPort where clients reach it */
  readonly create: (sidecarPort: number) => Promise<Database>;
  readonly connect: (sidecarPort: number, options: DriverOptions) => Promise<ConnectedApp>;
  /** The same with a wrong password, where the server knows passwords. */
  readonly connectWrongly?: (sidecarPort: number, options: DriverOptions) => Promise<ConnectedApp>;
  /** How many connections the driver may hold. */
  readonly mostSockets: number;
}

/** A real server behind a real Envoy. Each is ended without a word (SIGKILL) and started again while the app uses it. */
export function testRestarts({ create, connect, connectWrongly, mostSockets }: RestartTest): void {
  describe('a client', () => {
    let database: Database;
    let port: number;
    let envoy: Envoy;
    let app: ConnectedApp;
    const said: { level: string; message: string }[] = [];
    const say = (level: string) => (_: object, message: string) => void said.push({ level, message });
    const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
    const startProxy = async () => {
      envoy = await startTcpProxy(port, database.port);
    };
    beforeAll(async () => {
      port = await freePort();
      database = await create(port);
      await startProxy();
    });
    afterAll(async () => {
      await envoy?.stop();
      await database?.remove();
    });

    /** More than any pool has connections: what fails, or waits for ever, must not stand in the way later. */
    const useInVain = async () => {
      for (let i = 0; i < 30; i++) app.use().catch(() => {});
      const fails = () =>
        used(app).then(
          () => false,
          () => true,
        );
      await until('an outage that is noticed', fails);
    };

    it('is there once the server answers, and failed attempts have left no socket', async () => {
      const connecting = connect(port, { logger, deadlineMs: 100_000, backoffCapMs: 100, attemptTimeoutMs: 5_000 });
      connecting.catch(() => {});
      await until('some attempts', () => said.filter(({ message }) => message.includes('not connected')).length > 3);
      expect(socketsTo(port)).toBeLessThanOrEqual(2); // of the attempt under way
      database.start();
      app = await connecting;
      await until('an answer', () => used(app));
      expect(socketsTo(port)).toBeGreaterThanOrEqual(1);
    }, 120_000);

    it.skipIf(!connectWrongly)('sends a wrong password once', async () => {
      const error = await connectWrongly?.(port, { deadlineMs: 20_000, logger }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'MESH_CONNECT_FATAL',
        attempts: 1,
        reason: expect.stringMatching(/password/),
      });
    });

    it('works again after a restart of the server', async () => {
      await database.stop();
      await useInVain();
      database.start();
      await until('an answer', () => used(app), 100_000);
    }, 120_000);

    it('works again after a restart of the sidecar', async () => {
      await envoy.stop();
      await useInVain();
      await startProxy();
      await until('an answer', () => used(app), 60_000);
      expect(socketsTo(port)).toBeLessThanOrEqual(mostSockets);
    }, 120_000);

    it('ends when the app says so, and leaves no socket', async () => {
      await app.end();
      await until('no socket', () => socketsTo(port) === 0);
      expect(said.filter(({ level }) => level === 'error')).toEqual([]);
    });
  });
}
