import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { findServer } from '../../scripts/server-binary.ts';
import { arm64Runner } from '../helpers/arm64-runner.ts';
import { execForm, readDockerfile } from '../helpers/dockerfile.ts';
import { startImageRegistry } from '../helpers/image-registry.ts';
import { pullImage } from '../helpers/pulled-image.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { executable, isRoot, runToEnd } from '../native/executables.ts';

const shimImage = (target: string, env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(process.execPath, ['scripts/release/shim-image.ts', target], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOME: '/nowhere', ...env },
  });

interface Described {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string };
}

/** Every file, by its path: its hash. */
const hashes = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length), createHash('sha256').update(readFileSync(path)).digest('hex')])
      .sort(),
  );

beforeAll(() => {
  executable('x64');
  executable('arm64');
});

describe('the image of mesh-shim, made without a builder', () => {
  it('is the same twice, bit by bit; another date is another image', () => {
    const [first, second, dated] = [emptyVolume(), emptyVolume(), emptyVolume()];
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const said = shimImage(`oci:${join(first, 'image')}:${version}`);
    shimImage(`oci:${join(second, 'image')}:${version}`);
    expect(hashes(second)).toEqual(hashes(first));
    const { manifests } = JSON.parse(readFileSync(join(first, 'image/index.json'), 'utf8'));
    expect(said).toBe(`oci:${join(first, 'image')}:${version}@${manifests[0].digest}\n`);
    shimImage(`oci:${join(dated, 'image')}:${version}`, { SOURCE_DATE_EPOCH: '1767323045' });
    expect(readFileSync(join(dated, 'image/index.json'), 'utf8')).not.toContain(manifests[0].digest);
    const archives = [first, second].map((folder) => {
      shimImage(`archive:${join(folder, 'image.tar')}:${version}`);
      return readFileSync(join(folder, 'image.tar'));
    });
    expect(archives[1]?.equals(archives[0] as Buffer)).toBe(true);
  });

  it('has what Dockerfile.shim says, and runs', () => {
    const layout = join(emptyVolume(), 'image');
    shimImage(`oci:${layout}`);
    const read = <T>({ digest, size }: Described): T => {
      const bytes = readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
      expect([`sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes.length]).toEqual([digest, size]);
      return JSON.parse(bytes.toString('utf8')) as T;
    };
    const { manifests: named } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    const { manifests } = read<{ manifests: Described[] }>(named[0]);
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    const stage = readDockerfile('Dockerfile.shim').at(-1);
    if (stage === undefined) throw new Error('Dockerfile.shim has no stage');
    const words = (name: string) => stage.instructions.find((one) => one.name === name)?.words ?? '';
    const labels = [...words('LABEL').matchAll(/(\S+)="([^"]*)"/g)].map(([, name, text]) => [name, text]);
    for (const described of manifests) {
      const architecture = described.platform?.architecture;
      const { config, layers } = read<{ config: Described; layers: Described[] }>(described);
      const { config: run, ...platform } = read<{ config: object; architecture: string; os: string }>(config);
      expect(platform).toMatchObject({ os: 'linux', architecture });
      expect(run).toEqual({
        User: words('USER'),
        Entrypoint: execForm(stage, 'ENTRYPOINT'),
        WorkingDir: '/',
        Labels: Object.fromEntries(labels),
      });
      const root = emptyVolume();
      chmodSync(root, 0o755);
      execFileSync('tar', ['-C', root, '-xpzf', join(layout, 'blobs', layers[0]?.digest.replace(':', '/') ?? '')]);
      expect(readdirSync(root).sort()).toEqual(['mesh-shim', 'register.mjs']);
      expect(['mesh-shim', 'register.mjs'].map((name) => statSync(join(root, name)).mode & 0o7777)).toEqual([
        0o555, 0o444,
      ]);
      expect(readFileSync(join(root, 'register.mjs')).equals(readFileSync('dist/register.mjs'))).toBe(true);
      expectToRun(root, architecture === 'arm64');
    }
  });

  it.skipIf(findServer('docker-registry') === undefined)('can be pushed as it is made', async () => {
    const registry = await startImageRegistry();
    const reference = `${registry.host}/mesh-shim:1`;
    expect(shimImage(reference)).toMatch(new RegExp(`^${reference}@sha256:[0-9a-f]{64}\n$`));
    for (const architecture of ['amd64', 'arm64']) {
      const { root } = await pullImage(reference, { architecture });
      expect(existsSync(join(root, 'mesh-shim'))).toBe(true);
    }
  });

  it('says what is wrong with a target, in one line', () => {
    const folder = emptyVolume();
    mkdirSync(join(folder, 'something'));
    expect(() => shimImage(`oci:${folder}`)).toThrow(/is a folder of something else; name an empty folder/);
    expect(readdirSync(folder)).toEqual(['something']);
  });
});

/** As the image's user, in a root that holds nothing else. The executable of the other machine runs by emulation, where there is one. */
function expectToRun(root: string, isArm64: boolean): void {
  const runner = isArm64 === (process.arch === 'arm64') ? [] : arm64Runner();
  if (runner === undefined || (process.arch === 'arm64' && !isArm64)) return;
  const path = runner.length > 0 || !isRoot ? join(root, 'mesh-shim') : '/mesh-shim';
  const chroot = path === '/mesh-shim' ? ['chroot', '--userspec=65534:65534', root] : [];
  const { status, stdout } = runToEnd([...chroot, ...runner, path, '--version']);
  expect({ status, said: stdout.toString() }).toEqual({
    status: 0,
    said: expect.stringMatching(/^mesh-shim \d+\.\d+\.\d+\n$/),
  });
}
