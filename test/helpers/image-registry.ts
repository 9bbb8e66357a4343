import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findServer } from '../../scripts/server-binary.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

export interface ImageRegistry {
  /** For references: `127.0.0.1:23456`. */
  readonly host: string;
  /** The registry's own log: what it was asked. */
  log(): string;
}

/** Who may use a registry that asks: the password has a colon in it. The hash is of `htpasswd -nbB -C 4`. */
export const registryUser = {
  user: 'shop',
  password: 'rather:secret',
  line: 'shop:$2y$04$o2FN5bxvf2xMixipamtFMeHAraMKlYY1EmnEA8d1F0eUT30CAAa32',
} as const;

interface RegistryOptions {
  /** For the password of `registryUser`. */
  readonly asks?: boolean;
  /** `auth` of its configuration: asks for something else. */
  readonly auth?: object;
}

/** A real registry (Debian's docker-registry) with a folder of its own, for one test. */
export async function startImageRegistry({ asks = false, auth }: RegistryOptions = {}): Promise<ImageRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, 'htpasswd'), `${registryUser.line}\n`);
  const config = {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: host, secret: 'of one test' },
    ...(auth ? { auth } : {}),
    ...(asks ? { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } } : {}),
  };
  // JSON is YAML.
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  const log: string[] = [];
  const child: ChildProcess = spawn(findServer('docker-registry') ?? 'docker-registry', ['serve', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log.push(text));
  }
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  await until('a registry that answers', async () => [200, 401].includes((await fetch(`http://${host}/v2/`)).status));
  return { host, log: () => log.join('') };
}
