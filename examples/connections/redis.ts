import { type ConnectOptions, connectRedis } from 'mesh-shim';
import * as driver from 'redis';

/** A client: `redis.ping()`, and `redis.close()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectRedis(driver, url, options);
}
