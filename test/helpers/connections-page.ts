import { fileURLToPath } from 'node:url';
import { blockNamed } from './page-blocks.ts';
import { type Running, runCommand } from './run-shim.ts';

const library = new URL('../../src/index.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** The code of docs/connections.md by what it shows, with the library's source in the place of the package. */
export const snippets = {
  pg: codeOf('connectors'),
  mysql2: codeOf('connectors:2'),
  ioredis: codeOf('connectors:3'),
  redis: codeOf('connectors:4'),
  kafkajs: codeOf('connectors:5'),
  mongodb: codeOf('connectors:6'),
  readiness: codeOf('after-a-restart-of-the-server-or-of-the-sidecar'),
  amqplib: codeOf('rabbitmq'),
  connectWithRetry: codeOf('connectwithretry'),
  fatal: codeOf('connectwithretry:2'),
  waitForEndpoint: codeOf('checks'),
};

function codeOf(place: string): string {
  return blockNamed(`docs/connections.md#${place}`).code.replaceAll(
    "from 'mesh-shim'",
    `from ${JSON.stringify(library)}`,
  );
}

/** Runs code as it stands but for the hosts in it, which are exchanged: `{ 'cache:6379': '127.0.0.1:23456' }`. */
export function runSnippet(
  code: string,
  hosts: Record<string, string> = {},
  env: Record<string, string> = {},
): Running {
  const text = Object.entries(hosts).reduce((all, [host, place]) => {
    if (!all.includes(host)) throw new Error(`the code does not name ${host}`);
    return all.replaceAll(host, place);
  }, code);
  const command = [process.execPath, '--no-warnings', '--input-type=module-typescript', '-e', text];
  return runCommand(command, { cwd: root, env });
}
