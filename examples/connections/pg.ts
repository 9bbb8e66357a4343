import { type ConnectOptions, connectPg } from 'mesh-shim';
import pg from 'pg';

/** A pool: `pool.query('SELECT now()')`, and `pool.end()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectPg(pg, url, options);
}
