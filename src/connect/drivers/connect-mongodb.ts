import { MeshOptionError } from '../../shared/mesh-option-error.ts';
import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings, withUrl } from './driver-options.ts';

/** What is used of the package `mongodb`. */
interface MongodbDriver {
  readonly MongoClient: new (url: string, settings: never) => MongoClient;
}

interface MongoClient {
  connect(): Promise<unknown>;
  db(name: string): { command(command: { ping: 1 }): Promise<unknown> };
  close(force: boolean): Promise<unknown>;
  on(event: 'topologyDescriptionChanged', listener: (event: TopologyChange) => void): unknown;
  off(event: 'topologyDescriptionChanged', listener: (event: TopologyChange) => void): unknown;
}

interface TopologyChange {
  readonly newDescription: { readonly servers: ReadonlyMap<string, { readonly error: unknown }> };
}

type Settings<Driver extends MongodbDriver> = NonNullable<ConstructorParameters<Driver['MongoClient']>[1]>;

/**
 * Connects to MongoDB: `await connectMongodb({ MongoClient }, process.env.MONGODB_URL)`. Returns a client that has answered `ping`.
 *
 * @param config a URL, or the settings of `MongoClient` with the URL as `url`
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectMongodb<Driver extends MongodbDriver>(
  driver: Driver,
  config: string | ({ readonly url: string } & Settings<Driver>),
  options: DriverOptions = {},
): Promise<InstanceType<Driver['MongoClient']>> {
  const settings = driverSettings(connectorTable.mongodb, driver, config, options);
  const { url, ...given } = withUrl('url', config);
  if (typeof url !== 'string' || url === '') {
    throw new MeshOptionError('connectMongodb', { at: 'config.url', value: url, accepts: 'the URL of the servers' });
  }
  return connectDriver(() => {
    const client = new driver.MongoClient(url, given as never) as InstanceType<Driver['MongoClient']>;
    return { connect: () => answered(client).then(() => client), discard: () => client.close(true) };
  }, settings);
}

/** The client looks for a server by itself, for `serverSelectionTimeoutMS`; but once each of them has failed, the attempt has, and says why. */
async function answered(client: MongoClient): Promise<void> {
  let onChange = (_: TopologyChange): void => {};
  const allFailed = new Promise<never>((_, reject) => {
    onChange = ({ newDescription: { servers } }) => {
      const errors = [...servers.values()].map(({ error }) => error);
      if (errors.length > 0 && errors.every(Boolean)) reject(errors[0]);
    };
  });
  client.on('topologyDescriptionChanged', onChange);
  const ping = client.connect().then(() => client.db('admin').command({ ping: 1 }));
  try {
    await Promise.race([ping, allFailed]);
  } finally {
    client.off('topologyDescriptionChanged', onChange);
    ping.catch(() => {}); // it fails after allFailed
    allFailed.catch(() => {});
  }
}
