import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings, withUrl, wrongDriver } from './driver-options.ts';

/** What is used of `mysql2` and `mysql2/promise`. */
interface Mysql2Driver {
  createPool(config: never): object;
}

interface PromisePool {
  execute(sql: string): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<unknown>;
}

/**
 * Connects to MySQL or MariaDB: `await connectMysql2(mysql, process.env.DATABASE_URL)`. Returns a pool that has answered a query.
 *
 * @param config a URL, or the settings of `createPool` (`uri` among them)
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectMysql2<Driver extends Mysql2Driver>(
  driver: Driver,
  config: string | Parameters<Driver['createPool']>[0],
  options: DriverOptions = {},
): Promise<ReturnType<Driver['createPool']>> {
  const settings = driverSettings(connectorTable.mysql2, driver, config, options);
  return connectDriver(() => {
    const pool = driver.createPool(withUrl('uri', config) as never) as ReturnType<Driver['createPool']>;
    const promises = promisesOf(driver, pool);
    return { connect: () => promises.query('SELECT 1').then(() => pool), discard: () => promises.end() };
  }, settings);
}

/** Of either interface: that of callbacks can be had with promises. */
function promisesOf(driver: unknown, pool: object): PromisePool {
  const { promise } = pool as { readonly promise?: () => PromisePool };
  const promises = typeof promise === 'function' ? promise.call(pool) : (pool as PromisePool);
  if (typeof promises.execute === 'function') return promises;
  throw wrongDriver(connectorTable.mysql2, driver, 'one whose pool has no execute(); is it the package mysql?');
}
