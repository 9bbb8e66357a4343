/** What one connector is for and what it does. */
export interface ConnectorRow {
  readonly connector: string;
  /** The driver's package. */
  readonly driver: string;
  /** Its major versions that the tests have been run with. */
  readonly versions: string;
  /** How an app imports what the connector takes. */
  readonly importAs: string;
  /** The functions and classes that the connector takes from the driver. */
  readonly takes: readonly string[];
  readonly returns: string;
  /** What the server must have answered. */
  readonly proof: string;
  /** What heals a restart of the server or of the sidecar. */
  readonly afterRestart: string;
  /** What the connector sets where the app does not, and why. */
  readonly sets: string;
}

export type DriverName = 'pg' | 'mysql2' | 'ioredis' | 'redis' | 'amqplib' | 'kafkajs' | 'mongodb';

/** The one table of connectors: the checks of the driver, their errors and the documentation are made from it. */
export const connectorTable: { readonly [Driver in DriverName]: ConnectorRow } = {
  pg: {
    connector: 'connectPg',
    driver: 'pg',
    versions: '8',
    importAs: "import pg from 'pg'",
    takes: ['Pool'],
    returns: 'a `Pool`',
    proof: '`SELECT 1`',
    afterRestart: 'The pool drops connections that have ended and opens new ones when they are needed.',
    sets: '`connectionTimeoutMillis: 10000`: pg waits for ever by default, and a sidecar accepts for a server that is away. `keepAlive: true`, as the other drivers: where no sidecar is in between, a server that has vanished is noticed.',
  },
  mysql2: {
    connector: 'connectMysql2',
    driver: 'mysql2',
    versions: '3',
    importAs: "import mysql from 'mysql2/promise'",
    takes: ['createPool'],
    returns: 'a `Pool`, of `mysql2` or `mysql2/promise` as given',
    proof: '`SELECT 1`',
    afterRestart: 'The pool drops connections that have ended and opens new ones when they are needed.',
    sets: 'nothing',
  },
  ioredis: {
    connector: 'connectIoredis',
    driver: 'ioredis',
    versions: '5, 6',
    importAs: "import { Redis } from 'ioredis'",
    takes: ['Redis'],
    returns: 'a `Redis`',
    proof: '`PING`, once the client is ready',
    afterRestart:
      'The client connects again by its `retryStrategy`; commands wait meanwhile, as long as `maxRetriesPerRequest` says.',
    sets: 'nothing',
  },
  redis: {
    connector: 'connectRedis',
    driver: 'redis',
    versions: '4, 5, 6',
    importAs: "import * as redis from 'redis'",
    takes: ['createClient'],
    returns: 'a client',
    proof: '`PING`',
    afterRestart: 'The client connects again by its `socket.reconnectStrategy`; commands wait meanwhile.',
    sets: "with `socket.socketTimeout`, a `reconnectStrategy`: after such a time-out, the driver's own ends the client for ever",
  },
  amqplib: {
    connector: 'connectAmqplib',
    driver: 'amqplib',
    versions: '0.10, 1, 2',
    importAs: "import amqp from 'amqplib'",
    takes: ['connect'],
    returns: 'a `RenewedConnection` of what `setup` makes',
    proof: 'the login, and whatever `setup` asks',
    afterRestart: 'The connector connects again and runs `setup` again; see below.',
    sets: '`heartbeat=10` (seconds): nothing else notices a broker that has vanished, for TCP keep-alive ends at the sidecar.',
  },
  kafkajs: {
    connector: 'connectKafkajs',
    driver: 'kafkajs',
    versions: '2',
    importAs: "import { Kafka } from 'kafkajs'",
    takes: ['Kafka'],
    returns: 'a `Kafka`, for producers, consumers and admins',
    proof: 'the description of the cluster',
    afterRestart:
      'Producers and admins connect again when they are used, and try as often as `retry` says; a consumer that has given up is started again by kafkajs. The broker may hold the place of a consumer that was cut off for its `sessionTimeout` (30 s).',
    sets: 'nothing',
  },
  mongodb: {
    connector: 'connectMongodb',
    driver: 'mongodb',
    versions: '6, 7',
    importAs: "import { MongoClient } from 'mongodb'",
    takes: ['MongoClient'],
    returns: 'a `MongoClient`',
    proof: '`ping`',
    afterRestart:
      'The client watches its servers and connects again; operations wait for a server as long as `serverSelectionTimeoutMS` says.',
    sets: 'nothing',
  },
};
