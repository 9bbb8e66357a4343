import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { longServers } from '../../../scripts/long-servers.ts';
import { type Build, ownBuilds } from '../../helpers/builds.ts';
import { longServerMissing } from '../../helpers/long-servers.ts';
import { mayStartIn, ownPod } from '../../helpers/own-network.ts';
import { blockNamed } from '../../helpers/page-blocks.ts';
import { type Running, runCommand } from '../../helpers/run-shim.ts';

const isMissing = longServerMissing('daprd') || longServerMissing('cloud-sql-proxy');
const cannot = isMissing || !mayStartIn(ownPod, 'sidecars on their own ports');

/**
 * A shell's script in a pod of its own, with the programs that pages speak of. The proxy gets what it needs to start without
 * Google: a token that is none, and it asks for the instance at the first connection only. daprd
 * wants an address of the pod, and there is none but loopback's.
 */
function inPod(build: Build, script: string, env: Readonly<Record<string, string>> = {}): Running {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-pod-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const programs = {
    'mesh-shim': `exec ${build.command.join(' ')} "$@"`,
    'cloud-sql-proxy': `exec ${longServers['cloud-sql-proxy']} --token none --lazy-refresh --port 5432 "$@"`,
    daprd: `DAPR_HOST_IP=127.0.0.1 exec ${longServers.daprd} --app-id app --resources-path ${folder} "$@"`,
    app: 'echo the app runs',
  };
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const PATH = `${folder}:${process.env.PATH}`;
  return runCommand([...ownPod, 'sh', '-c', script], {
    env: { HOME: folder, MESH_SHIM_LOG_FORMAT: 'text', ...env, PATH },
  });
}

/** Sidecars in the background, and the script's end is that of all: a sidecar that stays would be waited for. */
const beside = (sidecars: readonly string[], main: string): string =>
  `${sidecars.map((line) => `${line} >/dev/null 2>&1 &\n`).join('')}${main.trim()}\ncode=$?\nwait\nexit $code\n`;

describe.skipIf(cannot).each(ownBuilds)('sidecars on their own ports: $name', (build) => {
  const csql = blockNamed('docs/meshes.md#cloud-sql-auth-proxy').code.trim();

  test.each([
    ['Dapr', ['daprd'], blockNamed('docs/meshes.md#dapr').code],
    ['the Cloud SQL Auth Proxy', [csql], blockNamed('docs/meshes.md#cloud-sql-auth-proxy:2').code],
  ])('%s is waited for and told to quit by the commands of the page', async (_, sidecars, command) => {
    const run = inPod(build, beside(sidecars, command));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('the app runs\n');
    expect(run.stderr()).toMatch(/ ready after .*says 20[04]\n.*told the sidecar to quit: .* says 20[04]\n/s);
  });

  test('both are waited for by the command of the page, each at its own address', async () => {
    const command = blockNamed('docs/meshes.md').code;
    const both = ['daprd', `${csql} --http-port 9801`];
    const run = inPod(build, beside(both, command.replace(' -- ', ' --quit always -- ')));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('the app runs\n');
    expect(run.stderr().match(/told the sidecar to quit/g)).toHaveLength(2);
    const alone = inPod(build, `daprd >/dev/null 2>&1 &\n${command.replace(' -- ', ' --timeout 1s -- ')}`);
    expect(await alone.ended).toEqual({ code: 69, signal: null });
    expect(alone.stderr()).toContain('Cloud SQL Auth Proxy sidecar not ready in time');
  });

  test("the operator's two proxies are waited for and told to quit, where its variable says", async () => {
    const proxy = (index: number): string => {
      const ports = `CSQL_PROXY_HTTP_PORT=${9801 + index} CSQL_PROXY_ADMIN_PORT=${9091 + index}`;
      const switches = 'CSQL_PROXY_HEALTH_CHECK=true CSQL_PROXY_QUITQUITQUIT=true';
      return `${ports} ${switches} cloud-sql-proxy --port ${5432 + index} project:region:instance${index}`;
    };
    const env = {
      CSQL_PROXY_QUIT_URLS: 'http://localhost:9091/quitquitquit http://localhost:9092/quitquitquit',
    };
    const run = inPod(
      build,
      beside([proxy(0), proxy(1)], 'mesh-shim --mesh cloud-sql-proxy --quit always -- app'),
      env,
    );
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('the app runs\n');
    expect(run.stderr()).toContain('9091/quitquitquit says 200');
    expect(run.stderr()).toContain('9092/quitquitquit says 200');
  });

  test.each([
    // Its metrics are on the port of the other one's health.
    ['Dapr', 'daprd', 'dapr'],
    ['Cloud SQL Auth Proxy', csql, 'cloud-sql-proxy'],
  ])('auto tells that %s is there', async (title, sidecar, mesh) => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    const run = inPod(build, `${sidecar} >/dev/null 2>&1 &\nmesh-shim --timeout 2s -- app`, env);
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stderr()).toContain(`this looks like ${title}: --mesh ${mesh} waits for that`);
  });
});
