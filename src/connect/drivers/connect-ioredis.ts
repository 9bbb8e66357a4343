import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings, withUrl } from './driver-options.ts';
import { createOutageLog } from './outage-log.ts';

/** What is used of the package `ioredis`. */
interface IoredisDriver {
  readonly Redis: new (...args: never) => IoredisClient;
}

interface IoredisClient {
  readonly status: string;
  readonly options: object;
  ping(): Promise<unknown>;
  connect(): Promise<unknown>;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ready' | 'close', listener: () => void): unknown;
  off(event: 'ready' | 'close', listener: () => void): unknown;
}

type Client<Driver extends IoredisDriver> = InstanceType<Driver['Redis']>;

/**
 * Connects to Redis: `await connectIoredis({ Redis }, process.env.REDIS_URL)`. Returns a client that has answered PING and connects again
 * by the driver's own `retryStrategy`.
 *
 * @param config a URL, or the settings of `new Redis()`, with a URL as `url` if wanted
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectIoredis<Driver extends IoredisDriver>(
  driver: Driver,
  config: string | ({ readonly url?: string | undefined } & Client<Driver>['options']),
  options: DriverOptions = {},
): Promise<Client<Driver>> {
  const settings = driverSettings(connectorTable.ioredis, driver, config, options);
  const { url, ...given } = withUrl('url', config);
  const args = url === undefined ? [given] : [url, given];
  return connectDriver(() => {
    const redis = new driver.Redis(...(args as never)) as Client<Driver>;
    const log = createOutageLog(settings);
    let proven = false;
    const connect = async (): Promise<Client<Driver>> => {
      await ready(redis);
      await redis.ping();
      proven = true;
      redis.on('ready', log.back);
      return redis;
    };
    // Before the proof, a failure is told by the attempt; without a listener, ioredis writes it to the console.
    redis.on('error', (error: Error) => proven && log.lost(error));
    return { connect, discard: () => redis.disconnect() };
  }, settings);
}

/** The first failure ends the attempt: what the client tries again by itself at the start would keep its reason to itself. */
function ready(redis: IoredisClient): Promise<void> {
  return new Promise((resolve, reject) => {
    redis.on('error', reject);
    const onClose = () => reject(new Error('the connection was closed before the server was ready'));
    const onReady = () => {
      redis.off('close', onClose);
      redis.off('ready', onReady);
      resolve();
    };
    redis.on('close', onClose);
    redis.on('ready', onReady);
    if (redis.status === 'wait') redis.connect().catch(reject); // the app's own setting lazyConnect
  });
}
