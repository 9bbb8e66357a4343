import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageLayout } from '../helpers/image-layout.ts';
import { registryUser, startImageRegistry } from '../helpers/image-registry.ts';
import { pullImage, pullManifest } from '../helpers/pulled-image.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startTokenServer } from '../helpers/token-server.ts';
import { executable } from '../native/executables.ts';

const layout = () => new ImageLayout(join(emptyVolume(), 'layout'));
const wrap = (args: readonly string[], env: Record<string, string> = {}) =>
  runToolHere('image', args, { env: { PATH: process.env.PATH ?? '', HOME: emptyVolume(), ...env } });

const web = {
  config: {
    Entrypoint: ['/app'],
    Cmd: ['serve'],
    User: '1000:1000',
    Env: ['PATH=/bin', 'A=b=c'],
    Labels: { team: 'shop' },
    ExposedPorts: { '8080/tcp': {} },
    StopSignal: 'SIGQUIT',
    Healthcheck: { Test: ['CMD', '/app', 'health'] },
  },
  more: { created: '2026-01-02T03:04:05Z', history: [{ created_by: 'COPY app /' }], author: 'shop' },
  files: { app: 'of the image' },
};

beforeAll(() => {
  executable('x64');
  executable('arm64');
});

describe.skipIf(serverMissing('docker-registry'))('in a real registry', () => {
  it('an image gets one layer and another entrypoint, and keeps all else', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const image = images.image({ ...web, annotations: { 'com.example': 'x' } });
    const source = await images.push(registry, 'shop/web:1', image);
    const target = `${registry.host}/shop/web-in-mesh:1`;
    const { code, stdout, stderr } = await wrap([source, target, '--quit', 'always', '--mode=required']);
    expect(stderr).toBe(
      `linux/amd64: wrapped: entrypoint ["/mesh-shim","--","/app"], command ["serve"]
written: 1 layer mounted from the source, the layer with mesh-shim
`,
    );
    const before = await pullImage(source);
    const after = await pullImage(target);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${target}@${after.digest}\n` });
    const { Env } = after.config.config;
    expect(Env).toEqual(['PATH=/bin', 'A=b=c', 'MESH_SHIM_MODE=required', 'MESH_SHIM_QUIT=always']);
    const { digest } = after.manifest.layers[1] ?? {};
    expect(after.config).toEqual({
      ...before.config,
      config: { ...web.config, Entrypoint: ['/mesh-shim', '--', '/app'], Env },
      rootfs: { type: 'layers', diff_ids: [...before.config.rootfs.diff_ids, expect.any(String)] },
      history: [...web.more.history, expect.objectContaining({ created_by: 'mesh-shim image' })],
    });
    expect(after.manifest).toEqual({
      ...before.manifest,
      config: { mediaType: expect.any(String), size: expect.any(Number), digest: after.manifest.config.digest },
      layers: [
        ...before.manifest.layers,
        { mediaType: before.manifest.layers[0]?.mediaType, size: expect.any(Number), digest },
      ],
      annotations: { 'com.example': 'x', 'mesh-shim.version': '0.0.0', 'mesh-shim.source.digest': image.digest },
    });
    expect(readFileSync(join(after.root, 'mesh-shim')).equals(readFileSync(executable('x64')))).toBe(true);
    expect(readFileSync(join(after.root, 'app'), 'utf8')).toBe('of the image');
  });

  it('a second time nothing is written, of an index as well', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const source = await images.push(registry, 'shop/web:1', images.index([web, { ...web, architecture: 'arm64' }]));
    const first = await wrap([source, source]);
    const { stdout, stderr } = await wrap([source, source]);
    expect(stdout).toBe(first.stdout);
    expect(stderr).toContain('the target is so already: nothing was written\n');
  });

  it('with other options the shim is replaced', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const source = await images.push(registry, 'shop/web:1', images.image(web));
    const inPlace = (...options: string[]) => wrap([source, source, ...options]);
    const first = await inPlace('--quit=always');
    const written = await pullImage(source);
    const second = await inPlace('--quit=always');
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain('the target is so already: nothing was written\n');
    expect((await inPlace('--settings=words', '--mode=required')).stderr).toContain('wrapped anew');
    const replaced = await pullImage(source);
    expect(replaced.manifest.layers).toEqual(written.manifest.layers);
    expect(replaced.config.config).toMatchObject({
      Entrypoint: ['/mesh-shim', '--mode=required', '--', '/app'],
      Env: web.config.Env,
    });
    expect(replaced.config.history).toHaveLength(2);
  });

  it.each([false, true])('of an index each platform gets its executable (Docker: %s)', async (docker) => {
    const registry = await startImageRegistry();
    const images = layout();
    const of = (architecture: string, os = 'linux') => ({
      os,
      architecture,
      docker,
      config: { Cmd: [`/${architecture}`] },
    });
    const attestation = {
      ...images.image({ docker, os: 'unknown', architecture: 'unknown' }),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const index = images.index([of('arm64'), of('amd64'), of('amd64', 'windows'), of('s390x')], [attestation]);
    const source = await images.push(registry, 'shop/web:1', index);
    const target = `${registry.host}/shop/web:in-mesh`;
    const { code, stderr } = await wrap([source, target]);
    expect({ code, lines: stderr.split('\n').sort() }).toEqual({
      code: 0,
      lines: [
        '',
        'linux/amd64: wrapped: entrypoint ["/mesh-shim","--"], command ["/amd64"]',
        'linux/arm64: wrapped: entrypoint ["/mesh-shim","--"], command ["/arm64"]',
        'linux/s390x: left out: mesh-shim has executables for amd64 and arm64 only',
        'unknown/unknown: left out: an attestation of an image that is changed',
        'windows/amd64: left out: mesh-shim runs on Linux only',
        'written: 1 layer there already, the layer with mesh-shim',
      ],
    });
    for (const [architecture, arch] of [
      ['amd64', 'x64'],
      ['arm64', 'arm64'],
    ] as const) {
      const { root, config } = await pullImage(target, { architecture });
      expect(config).toMatchObject({ architecture, config: { Cmd: [`/${architecture}`] } });
      expect(readFileSync(join(root, 'mesh-shim')).equals(readFileSync(executable(arch))), arch).toBe(true);
    }
    const { manifest } = (await pullManifest(target)) ?? {};
    expect(manifest?.mediaType).toBe(JSON.parse(images.read(index.digest).toString()).mediaType);
    expect(manifest?.manifests?.map(({ platform }) => platform?.architecture)).toEqual(['arm64', 'amd64']);
    const one = await wrap([source, target, '--platform', 'linux/arm64']);
    expect(one.stderr).toContain('linux/amd64: left out: not asked for with --platform');
    expect((await pullManifest(target))?.manifest.manifests).toHaveLength(1);
  });

  it('an image that has its own mesh-shim stays as it is, unless it is to be told something', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const own = { ...web, config: { Entrypoint: ['/bin/mesh-shim', '--'], Cmd: ['/app'] } };
    const source = await images.push(registry, 'shop/web:1', images.index([own]));
    const target = `${registry.host}/shop/web:2`;
    const told = await wrap([source, target, '--quit', 'always']);
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out the options of the shim') });
    expect(await pullManifest(target)).toBeUndefined();
    const { code, stderr } = await wrap([source, target]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `linux/amd64: begins with a mesh-shim of its own: left as it is: entrypoint ["/bin/mesh-shim","--"], command ["/app"]
written: 1 layer there already
`,
    });
    expect(await pullManifest(target)).toEqual(await pullManifest(source));
  });

  it('what nobody can start is refused, and nothing is pushed', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const source = await images.push(registry, 'shop/base:1', images.image({ config: { Env: ['A=b'] } }));
    const target = `${registry.host}/shop/base:2`;
    const { code, stdout, stderr } = await wrap([source, target]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mesh-shim image: .* has neither an entrypoint nor a command.*\n$/);
    expect(await pullManifest(target)).toBeUndefined();
  });

  it('says which signatures do not hold any more', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const image = images.image(web);
    const source = await images.push(registry, 'shop/web:1', image);
    await images.push(registry, `shop/web:${image.digest.replace(':', '-')}.sig`, images.image({}));
    const { stderr } = await wrap([source, `${registry.host}/shop/web:2`]);
    expect(stderr).toContain(
      `signatures: ${image.digest.replace(':', '-')}.sig is about ${image.digest} and does not hold for the new image; sign it again\n`,
    );
  });

  it('from one registry to another that asks who it is: layers are copied', async () => {
    const from = await startImageRegistry();
    const to = await startImageRegistry({ asks: true });
    const images = layout();
    const source = await images.push(from, 'shop/web:1', images.image(web));
    const target = `${to.host}/shop/web:1`;
    const { user, password } = registryUser;
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    const nobody = await wrap([source, target]);
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain(`${to.host} asks for credentials, and there are none; log in`);
    const folder = emptyVolume();
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [to.host]: { auth } } }));
    const { code, stderr } = await wrap([source, target], { DOCKER_CONFIG: folder });
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/written: 1 layer copied \(1 kB\)/),
    });
    const { root } = await pullImage(target, { authorization: `Basic ${auth}` });
    expect(readFileSync(join(root, 'app'), 'utf8')).toBe('of the image');
  });

  it('no proxy stands before this machine', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const source = await images.push(registry, 'shop/web:1', images.image(web));
    const nowhere = 'http://127.0.0.1:1';
    const { code, stderr } = await wrap([source, source], { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere });
    expect(code, stderr).toBe(0);
    const away = await wrap(['registry.invalid/shop/web:1', source], { HTTPS_PROXY: nowhere });
    expect(away.stderr).toContain('https://registry.invalid: nothing listens there');
  });

  describe('that gives tokens', () => {
    const { user, password } = registryUser;
    const identity = 'an identity token';
    const pushed = async () => {
      const tokens = await startTokenServer(user, password, identity);
      const registry = await startImageRegistry({ auth: tokens.auth });
      const seed = await startImageRegistry();
      const images = layout();
      const seeded = await images.push(seed, 'shop/web:1', images.image(web));
      const as = (entry: object): Record<string, string> => {
        const folder = emptyVolume();
        writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: entry } }));
        return { DOCKER_CONFIG: folder };
      };
      return { tokens, seeded, as, source: `${registry.host}/shop/web:1`, target: `${registry.host}/mesh/web:1` };
    };

    it.each([
      ['to a password', { username: user, password }],
      ['to an identity token', { identitytoken: identity }],
    ])('%s: for what is read, written and mounted', async (_, entry) => {
      const { tokens, seeded, as, source, target } = await pushed();
      expect(await wrap([seeded, source], as(entry))).toMatchObject({ code: 0 });
      const { code, stderr } = await wrap([source, target, '--quit=always'], as(entry));
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('1 layer mounted from the source'),
      });
      const [read, write] = ['repository:shop/web:pull', 'repository:mesh/web:pull,push'];
      expect(new Set(tokens.asked.slice(-3))).toEqual(
        new Set([`${user} ${read}`, `${user} ${write}`, `${user} ${write} ${read}`]),
      );
    });

    it('to nobody only those that read', async () => {
      const { tokens, seeded, as, source, target } = await pushed();
      await wrap([seeded, source], as({ username: user, password }));
      const out = join(emptyVolume(), 'out');
      expect(await wrap([source, `oci:${out}`])).toMatchObject({ code: 0 });
      expect(tokens.asked.at(-1)).toBe('nobody repository:shop/web:pull');
      const { code, stdout, stderr } = await wrap([source, target]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('asks for credentials, and there are none; log in');
      const wrong = await wrap([source, target], as({ username: user, password: 'a wrong secret' }));
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toMatch(/gives no token for the credentials of \S+config\.json \(401\)/);
      expect(wrong.stderr).not.toContain('wrong secret');
    });
  });
});
