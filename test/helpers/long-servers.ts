import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { hasLongServer, type LongServerName, longServers } from '../../scripts/long-servers.ts';
import { createRestartable, type Database } from './database-servers.ts';
import { freePort } from './free-port.ts';

/**
 * For `describe.skipIf(longServerMissing('kafka'))`: says aloud that tests are skipped.
 *
 * @throws when CI=true: there they must run
 */
export function longServerMissing(name: LongServerName): boolean {
  if (hasLongServer(name)) return false;
  const message = `no ${name}: run "npm run setup -- --long" (needs Java 17 and Maven, or Go)`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`SKIPPED, ${message}\n`);
  return true;
}

/** A broker that is its own controller. It tells clients to come by `advertisedPort`: the sidecar's; by default its own. */
export function createKafka(advertisedPort?: number): Promise<Database> {
  return createRestartable('kafka', async (folder, port) => {
    const controllerPort = await freePort();
    const config = join(folder, 'server.properties');
    const settings = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      'controller.listener.names': 'CONTROLLER',
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort ?? port}`,
      'log.dirs': join(folder, 'data'),
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'group.initial.rebalance.delay.ms': 0,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(config, lines.join(''));
    const java = ['-Xmx384m', '-cp', join(longServers.kafka, '*')];
    const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', config];
    execFileSync('java', [...java, ...format], { stdio: 'ignore', cwd: folder });
    return { command: 'java', args: [...java, 'kafka.Kafka', config] };
  });
}

export function createFerretdb(): Promise<Database> {
  return createRestartable('ferretdb', async (folder, port) => {
    const data = join(folder, 'data');
    mkdirSync(data);
    return { command: longServers.ferretdb, args: [`127.0.0.1:${port}`, data] };
  });
}
