import amqp from 'amqplib';
import { type ConnectOptions, connectAmqplib } from 'mesh-shim';

/** A connection that is made again: `(await broker.ready()).sendToQueue(...)`, and `broker.close()` in the end. A connector needs no `close`. */
export function connect(url: string, { close: _, ...options }: ConnectOptions = {}) {
  return connectAmqplib(amqp, url, {
    setup: async (connection) => {
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue('orders', { durable: true });
      return channel;
    },
    ...options,
  });
}
