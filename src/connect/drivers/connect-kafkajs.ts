import { MeshOptionError } from '../../shared/mesh-option-error.ts';
import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import { type DriverOptions, driverSettings } from './driver-options.ts';

/** What is used of the package `kafkajs`. */
interface KafkajsDriver {
  readonly Kafka: new (config: never) => Kafka;
}

interface Kafka {
  admin(): {
    connect(): Promise<unknown>;
    describeCluster(): Promise<unknown>;
    disconnect(): Promise<unknown>;
  };
}

interface KafkaSettings {
  readonly brokers?: unknown;
  readonly retry?: object;
}

/**
 * Reaches a Kafka cluster: `await connectKafkajs({ Kafka }, { clientId: 'orders', brokers })`. Returns a `Kafka` with the settings given, for
 * producers, consumers and admins; one of the brokers has described its cluster to it.
 *
 * @param config the settings of `new Kafka()`
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectKafkajs<Driver extends KafkajsDriver>(
  driver: Driver,
  config: ConstructorParameters<Driver['Kafka']>[0],
  options: DriverOptions = {},
): Promise<InstanceType<Driver['Kafka']>> {
  const settings = driverSettings(connectorTable.kafkajs, driver, config, options);
  const { brokers } = config as KafkaSettings;
  // kafkajs would say so when it connects, as if the brokers were down.
  if (!(Array.isArray(brokers) && brokers.length > 0) && typeof brokers !== 'function') {
    throw new MeshOptionError('connectKafkajs', {
      at: 'config.brokers',
      value: brokers,
      accepts: 'a list with the addresses of brokers',
    });
  }
  return connectDriver(() => {
    // A Kafka holds no connection, its admins do. So the short retries of an attempt stay out of what the app gets.
    const admin = new driver.Kafka({ ...(config as object), retry: retryOnce(config) } as never).admin();
    const connect = async (): Promise<InstanceType<Driver['Kafka']>> => {
      await admin.connect();
      await admin.describeCluster();
      await admin.disconnect();
      return new driver.Kafka(config as never) as InstanceType<Driver['Kafka']>;
    };
    return { connect, discard: () => admin.disconnect() };
  }, settings);
}

/** kafkajs begins with the first broker each time, and takes the next one when it retries. */
function retryOnce({ brokers, retry }: KafkaSettings): object {
  return { ...retry, ...(Array.isArray(brokers) && { retries: brokers.length - 1 }), initialRetryTime: 50 };
}
