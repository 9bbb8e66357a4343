import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageLayout } from '../helpers/image-layout.ts';
import { onTerminal } from '../helpers/on-terminal.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { executable } from '../native/executables.ts';

const wrap = (...args: readonly string[]) =>
  runToolHere('image', args, { env: { PATH: process.env.PATH ?? '', HOME: emptyVolume() } });

beforeAll(() => {
  executable('x64');
  executable('arm64');
});

const web = { config: { Entrypoint: ['/app'], Cmd: ['serve'], Env: ['MESH_SHIM_QUIT=never'] }, files: { app: 'x' } };
const named = (folder: string): Record<string, string> => {
  const { manifests } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  return Object.fromEntries(
    manifests.map((entry: { digest: string; annotations?: Record<string, string> }) => [
      entry.annotations?.['org.opencontainers.image.ref.name'] ?? '',
      entry.digest,
    ]),
  );
};

function layout(): ImageLayout {
  const images = new ImageLayout(join(emptyVolume(), 'layout'));
  images.name(images.index([web, { ...web, architecture: 'arm64' }]), '1');
  return images;
}

describe('images in files', () => {
  it('from a layout to a new one, to the same, to an archive, and on from there: one digest', async () => {
    const images = layout();
    const folder = emptyVolume();
    const ends = [`oci:${join(folder, 'new')}:2`, `oci:${images.folder}:2`, `archive:${join(folder, 'web.tar')}:2`];
    const digests = new Set<string>();
    for (const end of ends) {
      const { code, stdout, stderr } = await wrap(`oci:${images.folder}:1`, end, '--quit=always');
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('linux/amd64: its own ENV MESH_SHIM_QUIT=never is replaced\n');
      digests.add(stdout.trim().slice(end.length + 1));
    }
    const again = await wrap(ends[2] ?? '', `oci:${join(folder, 'third')}`, '--quit=always');
    digests.add(again.stdout.trim().split('@')[1] ?? '');
    expect([...digests]).toEqual([named(images.folder)[2]]);
    expect(Object.keys(named(images.folder))).toEqual(['1', '2']);
    expect(named(join(folder, 'new'))).toEqual({ 2: named(images.folder)[2] });
    expect(readdirSync(folder).sort()).toEqual(['new', 'third', 'web.tar']);
  });

  it('a second time nothing is written', async () => {
    const images = layout();
    await wrap(`oci:${images.folder}:1`, `oci:${images.folder}:2`);
    const { stderr } = await wrap(`oci:${images.folder}:2`, `oci:${images.folder}:2`);
    expect(stderr).toContain('the target is so already: nothing was written');
  });

  it('--dry-run says what would be done, and writes nothing', async () => {
    const images = layout();
    const target = join(emptyVolume(), 'new');
    const { code, stdout, stderr } = await wrap(`oci:${images.folder}`, `oci:${target}`, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/@sha256:[0-9a-f]{64}\n$/);
    expect(stderr).toContain('nothing was written (--dry-run)');
    expect(existsSync(target)).toBe(false);
  });

  it('shows on a terminal how far it is', async () => {
    const images = layout();
    const { stderr } = await wrap(`oci:${images.folder}`, `oci:${join(emptyVolume(), 'new')}`);
    expect(stderr).not.toContain('\r');
    const words = [process.execPath, 'bin/mesh-shim.ts', 'image', `oci:${images.folder}`, `oci:${emptyVolume()}`];
    const { stdout } = spawnSync(onTerminal[0] as string, [...onTerminal.slice(1), ...words], {
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    expect(stdout).toContain('\r\x1b[K1 of 1 layers\r\x1b[K');
  });

  it.skipIf(spawnSync('skopeo', ['--version']).error !== undefined)('are such as others read', async () => {
    const images = layout();
    const folder = emptyVolume();
    for (const target of [`oci:${join(folder, 'new')}:2`, `archive:${join(folder, 'web.tar')}:2`]) {
      expect((await wrap(`oci:${images.folder}:1`, target)).code).toBe(0);
      const read = target.replace('archive:', 'oci-archive:');
      const inspect = (...options: string[]) =>
        JSON.parse(
          execFileSync('skopeo', ['inspect', '--override-arch=arm64', ...options, read], { encoding: 'utf8' }),
        );
      expect(inspect()).toMatchObject({ Architecture: 'arm64', Layers: { length: 2 } });
      expect(inspect('--config')).toMatchObject({
        config: { Entrypoint: ['/mesh-shim', '--', '/app'], Cmd: ['serve'] },
      });
      // Reads all layers, and checks them against the config.
      execFileSync('skopeo', [
        'copy',
        '--insecure-policy',
        '--override-arch=arm64',
        read,
        `dir:${join(folder, 'copy')}`,
      ]);
    }
  });

  it.each([
    [['oci:nothing', 'oci:x'], /cannot be read: no such file or directory/],
    [['oci:nothing'], /needs SOURCE and TARGET, two images/],
    [['a', 'b', 'c'], /unexpected "c"; name SOURCE and TARGET only/],
    [['a', `b@sha256:${'0'.repeat(64)}`], /names a digest, which what is written gets by itself; name a tag/],
    [['a', 'B'], /has capital letters/],
    [['a', 'b', '--platform=linux/s390x'], /unknown platform "linux\/s390x"/],
    [['a', 'b', '--quit=sometimes'], /--quit/],
    [['a', 'b', '--mirror=https://x'], /--mirror must be HOST=MIRROR/],
    [['a', 'b', '--registry-timeout=5'], /--registry-timeout must be a duration/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await wrap(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mesh-shim image: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it('never into a folder of something else', async () => {
    const images = layout();
    const target = emptyVolume();
    mkdirSync(join(target, 'photos'));
    writeFileSync(join(target, 'index.json'), '{}');
    const { code, stderr } = await wrap(`oci:${images.folder}`, `oci:${target}`);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder of something else'),
    });
    expect(readdirSync(target)).toEqual(['index.json', 'photos']);
  });
});
