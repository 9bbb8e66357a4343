import { Redis } from 'ioredis';
import { type ConnectOptions, connectIoredis } from 'mesh-shim';

/** A client: `redis.ping()`, and `redis.quit()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectIoredis({ Redis }, url, options);
}
