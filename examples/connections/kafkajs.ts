import { Kafka, logLevel } from 'kafkajs';
import { type ConnectOptions, connectKafkajs } from 'mesh-shim';

/** A `Kafka`: `kafka.producer()`, `kafka.consumer({ groupId })`, each with its own `connect()` and `disconnect()`. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectKafkajs(
    { Kafka },
    { clientId: 'orders', brokers: [new URL(url).host], logLevel: logLevel.NOTHING },
    options,
  );
}
