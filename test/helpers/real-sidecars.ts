import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { longServers } from '../../scripts/long-servers.ts';
import { freePort } from './free-port.ts';
import { type Running, runCommand } from './run-shim.ts';
import { until } from './until.ts';

/** Where a real sidecar says that it is ready, and where it takes the quit. */
export interface SidecarPorts {
  readonly ready: number;
  readonly quit: number;
}

export interface DaprdOptions {
  readonly token?: string;
  readonly flags?: readonly string[];
  /** Its Configuration, in YAML. */
  readonly configuration?: string;
}

/** One port is both. */
export async function daprdPorts(): Promise<SidecarPorts> {
  const port = await freePort();
  return { ready: port, quit: port };
}

/** Starts daprd without the rest of Dapr, and does not wait for it. */
export async function startDaprd({ ready }: SidecarPorts, options: DaprdOptions = {}): Promise<Running> {
  const { token, flags = [], configuration } = options;
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-daprd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'configuration.yaml');
  if (configuration !== undefined) writeFileSync(config, configuration);
  const ports = {
    'dapr-http-port': ready,
    'dapr-grpc-port': await freePort(),
    'dapr-internal-grpc-port': await freePort(),
    'metrics-port': await freePort(),
  };
  const command = [
    ...[longServers.daprd, '--app-id', 'app', '--resources-path', folder],
    ...Object.entries(ports).flatMap(([flag, port]) => [`--${flag}`, String(port)]),
    ...(configuration === undefined ? [] : ['--config', config]),
    ...flags,
  ];
  return runCommand(command, { env: { HOME: folder, ...(token === undefined ? {} : { DAPR_API_TOKEN: token }) } });
}

/** What of the API may be called, as `spec.api.allowed` of a Configuration says. */
export function allowList(names: readonly string[]): DaprdOptions {
  const allowed = names.map((name) => `      - { name: ${name}, version: v1.0, protocol: http }`);
  const lines = ['apiVersion: dapr.io/v1alpha1', 'kind: Configuration', 'metadata: { name: app }'];
  return { configuration: [...lines, 'spec:', '  api:', '    allowed:', ...allowed, ''].join('\n') };
}

export async function cloudSqlProxyPorts(): Promise<SidecarPorts> {
  return { ready: await freePort(), quit: await freePort() };
}

/**
 * Starts the Cloud SQL Auth Proxy for an instance that nobody has, and does not wait for it. With --lazy-refresh it asks nobody for
 * the instance before somebody connects.
 */
export async function startCloudSqlProxy(
  { ready, quit }: SidecarPorts,
  flags: readonly string[] = ['--health-check', '--quitquitquit'],
): Promise<Running> {
  const ports = ['--http-port', String(ready), '--admin-port', String(quit), '--port', String(await freePort())];
  const command = [longServers['cloud-sql-proxy'], ...ports, '--token', 'none', '--lazy-refresh', ...flags];
  return runCommand([...command, 'project:region:instance']);
}

/** Asks until it says 2xx, in the place of the shim. */
export async function isReady(url: string): Promise<void> {
  await until(`2xx of ${url}`, async () => (await fetch(url)).ok);
}

/** An app that says that it runs, and ends with this code. */
export const appThatEnds = (code: number): string[] => ['--', 'sh', '-c', `echo the app runs; exit ${code}`];
