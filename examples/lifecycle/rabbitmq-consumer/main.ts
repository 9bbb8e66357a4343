import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import amqp, { type Channel, type ConsumeMessage } from 'amqplib';
import { connectAmqplib, createHealthServer, createLifecycle, type RenewedConnection } from 'mesh-shim';

const { AMQP_URL = 'amqp://localhost:5672', HEALTH_PORT = '9000' } = process.env;

let broker: RenewedConnection<{ channel: Channel; consumerTag: string }> | undefined;
const inHand = new Set<Promise<void>>();

const health = await createHealthServer({
  port: Number(HEALTH_PORT),
  readiness: { broker: () => broker?.current !== undefined },
});
const { signal } = createLifecycle({
  health,
  // A consumer fetches: there is nobody to wait for before it stops.
  drainDelayMs: 0,
  consumers: [{ name: 'orders', close: stop }],
  hooks: [{ name: 'broker', run: () => broker?.close() }],
});

/** From the signal on: no message more, and those in hand are finished and acknowledged, as long as it takes within the grace. */
async function stop() {
  const { channel, consumerTag } = broker?.current ?? {};
  // Where the connection is lost just now, nothing more comes either.
  await channel?.cancel(consumerTag ?? '').catch(() => {});
  await Promise.all(inHand);
}

function receive(channel: Channel, message: ConsumeMessage | null) {
  if (message === null) return;
  const done = work(message.content.toString())
    // A channel that has closed meanwhile throws: the broker delivers the message again.
    .then(() => channel.ack(message))
    .catch((error: unknown) => void process.stderr.write(`not acknowledged: ${error}\n`))
    .finally(() => inHand.delete(done));
  inHand.add(done);
}

/** A message says how long the work on it takes, in milliseconds. */
async function work(text: string) {
  process.stdout.write(`begun ${text}\n`);
  await delay(Number(text));
  process.stdout.write(`done ${text}\n`);
}

try {
  broker = await connectAmqplib(amqp, AMQP_URL, {
    name: 'broker',
    signal,
    // Again on each new connection.
    setup: async (connection) => {
      const channel = await connection.createChannel();
      await channel.assertQueue('orders', { durable: true });
      // So many are in hand at a time: what the grace has room for.
      await channel.prefetch(5);
      const { consumerTag } = await channel.consume('orders', (message) => receive(channel, message));
      return { channel, consumerTag };
    },
  });
  health.setState('ready');
} catch (error) {
  // Told to end while starting: the lifecycle is at it.
  if (!signal.aborted) throw error;
}
