import process from 'node:process';
import { Queue } from 'bullmq';

// Ten jobs; the work on each takes five seconds.
const queue = new Queue<number>('orders', { connection: { url: process.env.REDIS_URL ?? 'redis://localhost:6379' } });
await queue.addBulk(Array.from({ length: 10 }, (_, i) => ({ name: 'order', data: 5000 + i })));
await queue.close();
