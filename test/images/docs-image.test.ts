import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { ImageLayout } from '../helpers/image-layout.ts';
import { startImageRegistry } from '../helpers/image-registry.ts';
import { blockNamed } from '../helpers/page-blocks.ts';
import { pullImage } from '../helpers/pulled-image.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { serverMissing } from '../helpers/servers.ts';
import { executable } from '../native/executables.ts';

/** Runs a block of docs/image.md as a reader does, with another registry in the place of the one that it names. */
async function runBlock(name: string, host: string, cwd: string) {
  const bin = emptyVolume();
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${resolve('dist/cli.mjs')}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), npx);
  chmodSync(join(bin, 'npx'), 0o755);
  const code = blockNamed(name).code.replaceAll('registry.example.com', host);
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: emptyVolume() };
  const child = spawn('sh', ['-euc', code], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stderr, child.stdout]) stream.on('data', (chunk) => (said += chunk));
  const [status] = await once(child, 'close');
  return { status, said: said.replaceAll(host, 'registry.example.com') };
}

const web = { config: { Entrypoint: ['/app/web'], Cmd: ['serve'] }, files: { 'app/web': 'x' } };

describe.skipIf(serverMissing('docker-registry'))('docs/image.md', () => {
  it('what it shows is what happens', async () => {
    for (const arch of ['x64', 'arm64'] as const) executable(arch);
    const registry = await startImageRegistry();
    const images = new ImageLayout(join(emptyVolume(), 'web'));
    const arm64 = { ...web, architecture: 'arm64', files: { 'app/web': 'y' } };
    await images.push(registry, 'shop/web:1.4', images.index([web, arm64]));
    const { status, said } = await runBlock('docs/image.md', registry.host, emptyVolume());
    expect(status, said).toBe(0);
    const lines = said.replace(/sha256:\w+/, 'sha256:0123456789abcdef'.padEnd(71, '0123456789abcdef')).split('\n');
    expect(lines).toEqual(blockNamed('docs/image.md:2').code.split('\n'));
  });

  it('options of the shim become variables', async () => {
    const registry = await startImageRegistry();
    const images = new ImageLayout(join(emptyVolume(), 'migrate'));
    await images.push(registry, 'shop/migrate:7', images.image(web));
    const { status, said } = await runBlock('docs/image.md#how-the-shim-is-to-behave', registry.host, emptyVolume());
    expect(status, said).toBe(0);
    const { config } = await pullImage(`${registry.host}/shop/migrate:7-mesh`);
    expect(config.config.Env).toEqual(['MESH_SHIM_QUIT=always']);
  });

  it('images in files', async () => {
    const folder = emptyVolume();
    const images = new ImageLayout(join(folder, 'build/web'));
    images.name(images.index([web, { ...web, architecture: 'arm64' }]), '1.4');
    const { status, said } = await runBlock('docs/image.md#registries', 'registry.example.com', folder);
    expect(status, said).toBe(0);
    expect(said).toContain('linux/arm64: left out: not asked for with --platform');
  });
});
