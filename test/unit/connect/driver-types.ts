// Types of the connectors, held by `npm run types`; nothing here runs. The app's own types come in and go out.
import amqplib from 'amqplib';
import * as ioredis from 'ioredis';
import kafkajs from 'kafkajs';
import mongodb from 'mongodb';
import mysql2 from 'mysql2';
import mysql2Promise from 'mysql2/promise';
import pg from 'pg';
import * as redis from 'redis';
import { expectTypeOf } from 'vitest';
import {
  connectAmqplib,
  connectIoredis,
  connectKafkajs,
  connectMongodb,
  connectMysql2,
  connectPg,
  connectRedis,
  type RenewedConnection,
} from '../../../src/index.ts';

const url = 'x://127.0.0.1';

expectTypeOf(connectPg(pg, url)).resolves.toEqualTypeOf<pg.Pool>();
void connectPg(pg, { connectionString: url, max: 3 }, { name: 'orders' });
// @ts-expect-error: no such setting
void connectPg(pg, { conectionString: url });
// @ts-expect-error: a connector closes by itself
void connectPg(pg, url, { close: () => {} });
// @ts-expect-error: the variable may not be set
void connectPg(pg, process.env.DATABASE_URL);

expectTypeOf(connectMysql2(mysql2Promise, url)).resolves.toEqualTypeOf<mysql2Promise.Pool>();
expectTypeOf(connectMysql2(mysql2, url)).resolves.toEqualTypeOf<mysql2.Pool>();
void connectMysql2(mysql2Promise, { uri: url, connectionLimit: 3 });
// @ts-expect-error: no such setting
void connectMysql2(mysql2Promise, { url });

expectTypeOf(connectIoredis(ioredis, url)).resolves.toEqualTypeOf<ioredis.Redis>();
void connectIoredis({ Redis: ioredis.Redis }, { url, maxRetriesPerRequest: null });
// @ts-expect-error: no such setting
void connectIoredis(ioredis, { uri: url });

expectTypeOf(connectRedis(redis, url)).resolves.toEqualTypeOf<ReturnType<typeof redis.createClient>>();
void connectRedis({ createClient: redis.createClient }, { url, socket: { reconnectStrategy: 100 } });
// @ts-expect-error: no such setting
void connectRedis(redis, { uri: url });

expectTypeOf(connectAmqplib(amqplib, url)).resolves.toEqualTypeOf<RenewedConnection<amqplib.ChannelModel>>();
expectTypeOf(
  connectAmqplib(amqplib, { hostname: 'broker' }, { setup: (connection) => connection.createConfirmChannel() }),
).resolves.toEqualTypeOf<RenewedConnection<amqplib.ConfirmChannel>>();

expectTypeOf(connectKafkajs(kafkajs, { brokers: [url] })).resolves.toEqualTypeOf<kafkajs.Kafka>();
// @ts-expect-error: a cluster has brokers, and no URL
void connectKafkajs(kafkajs, url);

expectTypeOf(connectMongodb(mongodb, url)).resolves.toEqualTypeOf<mongodb.MongoClient>();
void connectMongodb({ MongoClient: mongodb.MongoClient }, { url, maxPoolSize: 3 });
// @ts-expect-error: no URL
void connectMongodb(mongodb, { maxPoolSize: 3 });
