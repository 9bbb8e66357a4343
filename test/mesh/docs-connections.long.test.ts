import { afterEach, describe, expect, it } from 'vitest';
import { runSnippet, snippets } from '../helpers/connections-page.ts';
import type { Database } from '../helpers/database-servers.ts';
import { createFerretdb, createKafka, longServerMissing } from '../helpers/long-servers.ts';
import { until } from '../helpers/until.ts';

// The code of docs/connections.md whose servers the short tests do not have.

let database: Database | undefined;
afterEach(() => database?.remove());

describe.skipIf(longServerMissing('kafka'))('kafkajs', () => {
  it('waits for the broker, and sends', async () => {
    database = await createKafka();
    const code = `${snippets.kafkajs} console.log('sent'); await producer.disconnect();`;
    const program = runSnippet(code, { 'kafka:9092': `127.0.0.1:${database.port}` }, { NODE_ENV: '' });
    await until('a refusal', () => program.stderr().includes('kafkajs: not connected'));
    database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain('sent');
  }, 120_000);
});

describe.skipIf(longServerMissing('ferretdb'))('mongodb', () => {
  it('waits for the server, and inserts', async () => {
    database = await createFerretdb();
    const code = `${snippets.mongodb} console.log(await client.db('orders').collection('orders').countDocuments()); await client.close();`;
    const program = runSnippet(code, { 'orders-db:27017': `127.0.0.1:${database.port}` }, { NODE_ENV: '' });
    await until('a refusal', () => program.stderr().includes('mongodb: not connected'));
    database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toMatch(/^1$/m);
  }, 120_000);
});
