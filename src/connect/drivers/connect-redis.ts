import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings, withUrl, wrongDriver } from './driver-options.ts';
import { createOutageLog } from './outage-log.ts';

/** What is used of the package `redis`. */
interface RedisDriver {
  createClient(config: never): object;
}

interface RedisClient {
  connect(): Promise<unknown>;
  ping(): Promise<unknown>;
  /** From version 5 on. */
  destroy?(): void;
  /** In version 4, ends the connection at once. */
  disconnect(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ready', listener: () => void): unknown;
}

/**
 * Connects to Redis: `await connectRedis(redis, process.env.REDIS_URL)`. Returns a client that has answered PING and connects again by the
 * driver's own `reconnectStrategy`.
 *
 * @param config a URL, or the settings of `createClient`
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectRedis<Driver extends RedisDriver>(
  driver: Driver,
  config: string | NonNullable<Parameters<Driver['createClient']>[0]>,
  options: DriverOptions = {},
): Promise<ReturnType<Driver['createClient']>> {
  const settings = driverSettings(connectorTable.redis, driver, config, options);
  const given = withReconnects(withUrl('url', config));
  return connectDriver(() => {
    const client = driver.createClient(given as never) as ReturnType<Driver['createClient']>;
    const redis = client as unknown as RedisClient;
    if (typeof redis.connect !== 'function') {
      throw wrongDriver(connectorTable.redis, driver, 'one whose client has no connect(), as version 3');
    }
    const log = createOutageLog(settings);
    let onError = (_: Error): void => {};
    // Without a listener the first error would end the process.
    redis.on('error', (error) => onError(error));
    const connect = async (): Promise<ReturnType<Driver['createClient']>> => {
      // The first failure ends the attempt: connect() would go on by itself and keep the reason to itself.
      await new Promise<unknown>((resolve, reject) => {
        onError = reject;
        redis.connect().then(resolve, reject);
      });
      await redis.ping();
      onError = log.lost;
      redis.on('ready', log.back);
      return client;
    };
    const discard = () => (redis.destroy ? redis.destroy() : redis.disconnect());
    return { connect, discard };
  }, settings);
}

/** After `socketTimeout`, and then alone, the driver's own strategy ends the client for ever. This one waits like it, and goes on. */
function withReconnects(settings: { readonly socket?: { readonly [name: string]: unknown } }): object {
  const { socket } = settings;
  if (!socket?.socketTimeout || socket.reconnectStrategy !== undefined) return settings;
  const reconnectStrategy = (retries: number) => Math.min(50 * 2 ** retries, 2_000) + Math.random() * 200;
  return { ...settings, socket: { ...socket, reconnectStrategy } };
}
