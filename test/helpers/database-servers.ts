import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { findServer, type ServerName } from '../../scripts/server-binary.ts';
import { freePort } from './free-port.ts';

export type DatabaseName = Exclude<ServerName, 'haproxy' | 'nginx' | 'docker-registry' | 'zsh' | 'fish'>;

/** A real server with data of its own on a port of its own; it can be stopped and started again. */
export interface Database {
  readonly port: number;
  /** Starts it and does not wait until it answers. */
  start(): void;
  stop(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** How a server is launched, and how it is ended at once: with all that it has started, or (PostgreSQL) by a signal of its own. */
export interface Launch {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  quit?: NodeJS.Signals;
  /** What must run beside it. */
  companion?: string;
  uid?: number | undefined;
  gid?: number | undefined;
}

/** How each is prepared (once) and launched: the least that it needs to answer on loopback. */
const recipes: Record<DatabaseName, (binary: string, folder: string, port: number) => Promise<Launch>> = {
  async postgres(binary, folder, port) {
    const user = ownerOf(folder, 'postgres');
    const initdb = join(dirname(binary), 'initdb');
    const password = join(folder, 'password');
    writeFileSync(password, 'secret\n', { mode: 0o644 });
    const data = join(folder, 'data');
    const init = ['-D', data, '-U', 'app', '-A', 'scram-sha-256', `--pwfile=${password}`, '--no-sync'];
    execFileSync(initdb, init, { stdio: 'ignore', cwd: folder, ...user });
    const args = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'];
    // Its "immediate" shutdown.
    return { command: binary, args, quit: 'SIGQUIT', ...user };
  },
  async mariadbd(binary, folder, port) {
    const data = `--datadir=${join(folder, 'data')}`;
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    execFileSync(
      'mariadb-install-db',
      ['--no-defaults', data, '--skip-test-db', '--auth-root-authentication-method=normal', ...user],
      { stdio: 'ignore' },
    );
    const place = [`--socket=${join(folder, 'socket')}`, `--port=${port}`, '--bind-address=127.0.0.1'];
    return { command: binary, args: ['--no-defaults', data, ...user, ...place] };
  },
  async 'redis-server'(binary, folder, port) {
    return { command: binary, args: ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder] };
  },
  async 'rabbitmq-server'(binary, folder, port) {
    const env = {
      ...process.env,
      HOME: folder,
      ERL_EPMD_PORT: `${await freePort()}`,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `mesh-shim-${port}@localhost`,
      RABBITMQ_NODE_PORT: `${port}`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_DIST_PORT: `${await freePort()}`,
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    };
    // RabbitMQ would start one that serves the whole machine and is left behind.
    return { command: binary, args: [], env, companion: 'epmd' };
  },
};

export async function createDatabase(name: DatabaseName): Promise<Database> {
  const binary = findServer(name);
  if (binary === undefined) throw new Error(`no ${name}`);
  return createRestartable(name, (folder, port) => recipes[name](binary, folder, port));
}

/** @param prepare gets an empty folder for the server's data and its port; called once */
export async function createRestartable(
  name: string,
  prepare: (folder: string, port: number) => Promise<Launch>,
): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), `mesh-shim-${name}-`));
  const port = await freePort();
  const { command, args, quit, companion, ...options } = await prepare(folder, port);
  let children: ChildProcess[] = [];
  const launch = (program: string, words: string[]) =>
    // A process group of its own: what these servers start in their turn ends with them.
    children.push(spawn(program, words, { stdio: 'ignore', cwd: folder, detached: true, ...options }));
  const endWithUs = () => {
    for (const child of children) endGroup(child, 'SIGKILL');
  };
  process.once('exit', endWithUs);

  const stop = async () => {
    const ended = children;
    children = [];
    for (const child of ended) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      // Nothing here has data worth an orderly end.
      if (quit) child.kill(quit);
      else endGroup(child, 'SIGKILL');
      await exited;
    }
  };
  return {
    port,
    start() {
      if (companion) launch(companion, []);
      launch(command, args);
    },
    stop,
    async remove() {
      process.removeListener('exit', endWithUs);
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // gone already
  }
}

/** PostgreSQL refuses to run as root: then the folder becomes its system user's. */
function ownerOf(folder: string, user: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })));
  if (uid === undefined || gid === undefined) return {};
  chownSync(folder, uid, gid);
  return { uid, gid };
}
