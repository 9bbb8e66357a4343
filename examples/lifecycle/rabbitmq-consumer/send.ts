import process from 'node:process';
import amqp from 'amqplib';

// Ten messages; the work on each takes five seconds.
const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost:5672');
const channel = await connection.createConfirmChannel();
await channel.assertQueue('orders', { durable: true });
for (let i = 0; i < 10; i++) channel.sendToQueue('orders', Buffer.from(`${5000 + i}`), { persistent: true });
await channel.waitForConfirms();
await connection.close();
