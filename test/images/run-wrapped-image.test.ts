import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { ImageLayout, type TestImage } from '../helpers/image-layout.ts';
import { startImageRegistry } from '../helpers/image-registry.ts';
import { pullImage, runImage } from '../helpers/pulled-image.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startSidecar } from '../helpers/sidecar.ts';
import { executable, isRoot, staticApp } from '../native/executables.ts';

const succeeded = { code: 0, signal: null };

/** Pushes an image, wraps it and pulls it back. */
async function wrapped(image: TestImage, ...options: string[]) {
  for (const arch of ['x64', 'arm64'] as const) executable(arch);
  const registry = await startImageRegistry();
  const images = new ImageLayout(join(emptyVolume(), 'layout'));
  const source = await images.push(registry, 'shop/app:1', images.index([image]));
  const env = { PATH: process.env.PATH ?? '', HOME: emptyVolume() };
  const { code, stderr } = await runToolHere('image', [source, `${source}-in-mesh`, ...options], { env });
  expect(code, stderr).toBe(0);
  return pullImage(`${source}-in-mesh`);
}

/** Runs it beside an Envoy that becomes ready while the app is held back. */
async function runBeside(image: Awaited<ReturnType<typeof wrapped>>) {
  const sidecar = await startSidecar({ kind: 'istio' });
  onTestFinished(() => sidecar.stop());
  const { adminUrl, readyUrl } = sidecar;
  // The ports of the pod, which are free ones here; for pilot-agent's quitquitquit stands that of its Envoy.
  const ports = {
    MESH_SHIM_ADMIN_URL: adminUrl,
    MESH_SHIM_READY_URL: readyUrl,
    MESH_SHIM_QUIT_URL: `${adminUrl}/quitquitquit`,
  };
  const running = runImage(image, ports);
  await running.saw(/PRE_INITIALIZING/);
  expect(running.stdout()).toBe('');
  sidecar.deliverClusters();
  sidecar.deliverListeners();
  return { running, sidecar };
}

const isPossible = isRoot && process.arch === 'x64' && !envoyMissing() && !serverMissing('docker-registry');

describe.skipIf(!isPossible)('a wrapped image beside a real Envoy (needs root, for its root folder)', () => {
  it('a static app, as its own user, with its arguments and variables', async () => {
    const image = await wrapped(
      {
        config: { Entrypoint: ['/app'], Cmd: ['first', 'second'], User: '1234', Env: ['A=b'] },
        files: { app: readFileSync(staticApp('x64')) },
      },
      '--mode',
      'required',
    );
    const { running } = await runBeside(image);
    expect(await running.ended, running.stderr()).toEqual(succeeded);
    const hex = (text: string) => Buffer.from(text).toString('hex');
    const lines = running.stdout().split('\n');
    expect(lines).toContain('uid 1234');
    expect(lines.filter((line) => line.startsWith('arg '))).toEqual(
      ['/app', 'first', 'second'].map((word) => `arg ${hex(word)}`),
    );
    expect(lines).toContain(`env ${hex('A=b')}`);
  });

  it('a command of a shell, which ends the sidecar of a Job with its exit code', async () => {
    const image = await wrapped(
      { config: { Cmd: ['/bin/sh', '-c', 'echo migrated "$A" && exit 3'], Env: ['A=all of it'] } },
      '--quit=always',
      '--mode=required',
    );
    const { running, sidecar } = await runBeside(image);
    expect(await running.ended, running.stderr()).toEqual({ code: 3, signal: null });
    expect(running.stdout()).toBe('migrated all of it\n');
    expect(await sidecar.envoy.exited).toEqual(succeeded);
  });

  it('an app on Node, found on the PATH, in its working directory', async () => {
    const image = await wrapped(
      {
        config: { Entrypoint: ['node'], Cmd: ['server.mjs'], WorkingDir: '/srv', User: '1000' },
        files: { 'srv/server.mjs': "console.log('started in', process.cwd(), 'by', process.getuid());" },
      },
      '--mode=required',
      '--settings=words',
    );
    const { running } = await runBeside(image);
    expect(await running.ended, running.stderr()).toEqual(succeeded);
    expect(running.stdout()).toBe('started in /srv by 1000\n');
  });
});
