import mysql from 'mysql2/promise';
import { type ConnectOptions, connectMysql2 } from '../../src/index.ts';

/** A pool: `pool.query('SELECT now()')`, and `pool.end()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectMysql2(mysql, url, options);
}
