import { type Running, runCommand } from './run-shim.ts';
import { snippetCommand, snippetsOf } from './snippets.ts';

/** The code of docs/connections.md, by what it shows, in the order of the page. */
const shows = [
  'pg',
  'mysql2',
  'ioredis',
  'redis',
  'kafkajs',
  'mongodb',
  'readiness',
  'amqplib',
  'connectWithRetry',
  'fatal',
  'waitForEndpoint',
] as const;

export type Shown = (typeof shows)[number];

export const snippets = Object.fromEntries(
  snippetsOf('docs/connections.md').map((code, index) => [shows[index] ?? `another: ${code}`, code]),
) as Record<Shown, string>;

/** For a test that each snippet of the page is run. */
export const snippetNames: readonly string[] = shows;

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
  const { command, cwd } = snippetCommand(text);
  return runCommand(command, { cwd, env });
}
