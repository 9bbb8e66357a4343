import { type ConnectOptions, connectMysql2 } from 'mesh-shim';
import mysql from 'mysql2/promise';

/** A pool: `pool.query('SELECT now()')`, and `pool.end()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectMysql2(mysql, url, options);
}
