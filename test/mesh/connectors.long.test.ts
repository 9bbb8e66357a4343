import { randomUUID } from 'node:crypto';
import type kafkajsTypes from 'kafkajs';
import type mongodb from 'mongodb';
import { describe } from 'vitest';
import { connectKafkajs, connectMongodb } from '../../src/connect/index.ts';
import { type ConnectedApp, driverModule } from '../helpers/connector-apps.ts';
import { testRestarts } from '../helpers/connector-restarts.ts';
import { envoyMissing } from '../helpers/envoy.ts';
import { createFerretdb, createKafka, longServerMissing } from '../helpers/long-servers.ts';

const kafkajs = driverModule<typeof kafkajsTypes>('kafkajs');

describe.skipIf(envoyMissing() || longServerMissing('kafka'))('kafkajs through a real Envoy', () => {
  testRestarts({
    create: createKafka,
    mostSockets: 10,
    async connect(port, options): Promise<ConnectedApp> {
      const settings = { clientId: 'orders', brokers: [`127.0.0.1:${port}`], logLevel: kafkajs.logLevel.NOTHING };
      const kafka: kafkajsTypes.Kafka = await connectKafkajs(kafkajs, settings, options);
      const topic = 'orders';
      const admin = kafka.admin();
      await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
      await admin.disconnect();
      const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
      await producer.connect();
      const consumer = kafka.consumer({ groupId: 'orders' });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const arrivals = new Map<string, () => void>();
      const sends = new Set<Promise<unknown>>();
      await consumer.run({ eachMessage: async ({ message }) => arrivals.get(String(message.value))?.() });
      const use = async () => {
        const id = randomUUID();
        const arrival = new Promise<void>((arrived) => arrivals.set(id, arrived));
        const send = producer.send({ topic, messages: [{ value: id }] });
        sends.add(send);
        await send.finally(() => sends.delete(send));
        await arrival;
      };
      const end = async () => {
        await consumer.disconnect();
        // A send that kafkajs 2.2 still retries opens a connection also after disconnect(): let each end first.
        await Promise.allSettled(sends);
        await producer.disconnect();
      };
      return { use, end };
    },
  });
});

describe.skipIf(envoyMissing() || longServerMissing('ferretdb'))('mongodb through a real Envoy', () => {
  testRestarts({
    create: createFerretdb,
    mostSockets: 100,
    async connect(port, options): Promise<ConnectedApp> {
      const driver = driverModule<typeof mongodb>('mongodb');
      const client: mongodb.MongoClient = await connectMongodb(driver, `mongodb://127.0.0.1:${port}`, options);
      const uses = client.db('orders').collection('uses');
      return { use: () => uses.insertOne({ at: new Date() }), end: () => client.close() };
    },
  });
});
