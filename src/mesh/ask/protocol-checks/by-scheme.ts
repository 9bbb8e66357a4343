import { amqpCheck } from './amqp.ts';
import { kafkaCheck } from './kafka.ts';
import { mongodbCheck } from './mongodb.ts';
import { mysqlCheck } from './mysql.ts';
import { postgresCheck } from './postgres.ts';
import type { ServerCheck } from './protocol-check.ts';
import { redisCheck } from './redis.ts';

/** Each check by the schemes of the URLs that clients of its server take. */
export const protocolChecksByScheme: ReadonlyMap<string, ServerCheck> = new Map([
  ['postgres', postgresCheck],
  ['postgresql', postgresCheck],
  ['mysql', mysqlCheck],
  ['mariadb', mysqlCheck],
  ['redis', redisCheck],
  ['amqp', amqpCheck],
  ['kafka', kafkaCheck],
  ['mongodb', mongodbCheck],
]);
