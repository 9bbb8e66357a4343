import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings, withUrl } from './driver-options.ts';
import { createOutageLog } from './outage-log.ts';

/** What is used of the package `pg`. */
interface PgDriver {
  readonly Pool: new (config: never) => PgPool;
}

interface PgPool {
  query(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect', listener: () => void): unknown;
}

type Settings<Driver extends PgDriver> = NonNullable<ConstructorParameters<Driver['Pool']>[0]>;

/**
 * Connects to PostgreSQL: `await connectPg(pg, process.env.DATABASE_URL)`. Returns a `Pool` that has answered a query.
 *
 * @param config a URL, or the settings of `pg.Pool`
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectPg<Driver extends PgDriver>(
  driver: Driver,
  config: string | Settings<Driver>,
  options: DriverOptions = {},
): Promise<InstanceType<Driver['Pool']>> {
  const settings = driverSettings(connectorTable.pg, driver, config, options);
  const given = withUrl('connectionString', config);
  const { connectionTimeoutMillis = 10_000, keepAlive = true } = given;
  return connectDriver(() => {
    const pool = new driver.Pool({ ...given, connectionTimeoutMillis, keepAlive } as never) as InstanceType<
      Driver['Pool']
    >;
    const log = createOutageLog(settings);
    // Without a listener, an idle connection that ends would end the process.
    pool.on('error', log.lost);
    pool.on('connect', log.back);
    return { connect: () => pool.query('SELECT 1').then(() => pool), discard: () => pool.end() };
  }, settings);
}
