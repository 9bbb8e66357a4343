import * as driver from 'redis';
import { type ConnectOptions, connectRedis } from '../../src/index.ts';

/** A client: `redis.ping()`, and `redis.close()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectRedis(driver, url, options);
}
