import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findServer, type ServerName } from '../../scripts/server-binary.ts';

/**
 * For `describe.skipIf(serverMissing('nginx'))`: says aloud that tests are skipped.
 *
 * @throws when CI=true: there they must run
 */
export function serverMissing(name: ServerName): boolean {
  if (findServer(name) !== undefined) return false;
  const message = `no ${name}: run "npm run servers" as root on Debian with FETCH_SERVERS=1`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`SKIPPED, ${message}\n`);
  return true;
}

export interface RunningServer {
  stderr(): string;
  stop(): Promise<void>;
}

/** Starts a server on an example's configuration (its path counts from the repository's root), with ports exchanged: `{ 8080: 23456 }`. */
export function startServer(name: ServerName, config: string, ports: Record<number, number>): RunningServer {
  const source = fileURLToPath(new URL(`../../${config}`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), `mesh-shim-${name}-`));
  const path = join(folder, basename(source));
  cpSync(source, path);
  const text = Object.entries(ports).reduce(
    (all, [from, to]) => all.replaceAll(`:${from}`, `:${to}`),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
  const server = runServer(name, path);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts a server on a configuration that stands in a folder of the test's own. */
export function runServer(name: ServerName, path: string): RunningServer {
  const args =
    name === 'nginx' ? ['-p', dirname(path), '-c', path, '-e', 'stderr', '-g', 'daemon off;'] : ['-db', '-f', path];
  const child: ChildProcess = spawn(findServer(name) ?? name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const exited = once(child, 'exit');
  return {
    stderr: () => stderr,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
