import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { type ImageConfig, ImageError, readImageConfig, readImageConfigs } from '../../src/images/index.ts';
import { ImageLayout, layerOf } from '../helpers/image-layout.ts';
import { registryUser, startImageRegistry } from '../helpers/image-registry.ts';
import { emptyVolume } from '../helpers/run-container.ts';
import { serverMissing } from '../helpers/servers.ts';

/** Nobody's configuration and cache but the test's. */
const access = (env: Record<string, string> = {}) => ({
  env: { PATH: process.env.PATH, HOME: emptyVolume(), ...env },
  cache: false as const,
});
const layout = () => new ImageLayout(join(emptyVolume(), 'layout'));

const web = {
  config: { Entrypoint: ['/app'], Cmd: ['serve'], User: '1000', WorkingDir: '/srv', Env: ['A=b=c', 'B='] },
};
const webConfig = {
  os: 'linux',
  architecture: 'amd64',
  entrypoint: ['/app'],
  cmd: ['serve'],
  user: '1000',
  workingDir: '/srv',
  env: { A: 'b=c', B: '' },
  shell: undefined,
};

async function failureOf(read: Promise<ImageConfig>): Promise<ImageError> {
  const error = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImageError);
  return error as ImageError;
}

describe('from files', () => {
  it('a layout', async () => {
    const images = layout();
    const { digest } = images.name(images.image(web), '1.4');
    const reference = `oci:${images.folder}`;
    expect(await readImageConfig(reference, access())).toEqual({ reference, digest, ...webConfig });
  });

  it('of a layout with several the one that is named', async () => {
    const images = layout();
    images.name(images.image(web), '1.4');
    images.name(images.image({ config: { Cmd: ['/other'] } }), 'registry.example.com/shop/web:1.5');
    expect((await readImageConfig(`oci:${images.folder}:1.5`, access())).cmd).toEqual(['/other']);
    const unnamed = await failureOf(readImageConfig(`oci:${images.folder}`, access()));
    expect(unnamed.message).toContain('holds 2 images; there are 1.4, 1.5; name one behind the path');
    const wrong = await failureOf(readImageConfig(`oci:${images.folder}:1.6`, access()));
    expect(wrong).toMatchObject({ code: 'IMAGE_NOT_FOUND', message: expect.stringContaining('there are 1.4, 1.5') });
  });

  it('an archive of a layout, with the leading ./ of tar', async () => {
    const images = layout();
    images.name(images.image(web), '1.4');
    const archive = join(emptyVolume(), 'web.tar');
    execFileSync('tar', ['-C', images.folder, '-cf', archive, '.']);
    expect(await readImageConfig(`archive:${archive}`, access())).toMatchObject(webConfig);
  });

  it('an archive of docker save, as Docker wrote them before they were layouts', async () => {
    const folder = emptyVolume();
    const layer = layerOf({ app: 'x' });
    const long = 'a'.repeat(120);
    mkdirSync(join(folder, long));
    writeFileSync(join(folder, long, 'layer.tar'), layer);
    const digest = execFileSync('sha256sum', [join(folder, long, 'layer.tar')], { encoding: 'utf8' }).slice(0, 64);
    const config = { os: 'linux', architecture: 'amd64', ...web, rootfs: { diff_ids: [`sha256:${digest}`] } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const list = [{ Config: 'config.json', RepoTags: ['shop/web:1.4'], Layers: [`${long}/layer.tar`] }];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(list));
    for (const format of ['gnu', 'pax']) {
      const archive = join(emptyVolume(), 'web.tar');
      execFileSync('tar', [`--format=${format}`, '-C', folder, '-cf', archive, ...readdirSync(folder)]);
      expect(await readImageConfig(`archive:${archive}`, access()), format).toMatchObject(webConfig);
      expect(await readImageConfig(`archive:${archive}:1.4`, access()), format).toMatchObject(webConfig);
    }
  });

  it.each([
    ['archive:nothing.tar', 'IMAGE_FILE', 'cannot be read: no such file or directory; look at the path'],
    ['archive:.', 'IMAGE_FILE', 'is a folder; write oci:.'],
    ['oci:package.json', 'IMAGE_FILE', 'is no folder; write archive:package.json'],
    ['archive:package.json', 'IMAGE_FILE', 'is no tar archive'],
    ['oci:src', 'IMAGE_FILE', 'has neither an index.json nor the manifest.json of docker save'],
  ])('%s', async (reference, code, message) => {
    expect(await failureOf(readImageConfig(reference, access()))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('says that an archive is cut off, or compressed', async () => {
    const images = layout();
    images.name(images.image({ ...web, files: { app: Buffer.alloc(20_000, 'x') } }), '1');
    const archive = join(emptyVolume(), 'web.tar');
    execFileSync('tar', ['-C', images.folder, '-cf', archive, '.']);
    writeFileSync(`${archive}.cut`, readFileSync(archive).subarray(0, 2_000));
    expect((await failureOf(readImageConfig(`archive:${archive}.cut`, access()))).message).toContain('is cut off');
    execFileSync('gzip', [archive]);
    expect((await failureOf(readImageConfig(`archive:${archive}.gz`, access()))).message).toContain('gunzip FILE');
  });

  it('does not take other bytes than those that were named', async () => {
    const images = layout();
    const { digest } = images.name(images.image(web), '1');
    const path = join(images.folder, 'blobs', digest.replace(':', '/'));
    writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'));
    const error = await failureOf(readImageConfig(`oci:${images.folder}`, access()));
    expect(error).toMatchObject({ code: 'IMAGE_DIGEST', message: expect.stringContaining(digest) });
  });
});

describe('of an index', () => {
  const of = (architecture: string, os = 'linux') => ({
    os,
    architecture,
    config: { Cmd: [`/${os}/${architecture}`] },
  });
  it.each([
    [[of('arm64'), of('amd64')], undefined, '/linux/amd64'],
    [[of('s390x'), of('arm64')], undefined, '/linux/arm64'],
    [[of('amd64', 'windows'), of('s390x')], undefined, '/linux/s390x'],
    [[of('amd64', 'windows')], undefined, '/windows/amd64'],
    [[of('amd64'), of('s390x')], { os: 'linux', architecture: 's390x' }, '/linux/s390x'],
  ])('%j for %j', async (entries, platform, command) => {
    const images = layout();
    images.name(images.index(entries), '1');
    const config = await readImageConfig(`oci:${images.folder}`, { ...access(), platform });
    expect(config.cmd).toEqual([command]);
  });

  it('says which platforms there are', async () => {
    const images = layout();
    images.name(images.index([{ architecture: 'arm', variant: 'v7' }, of('amd64')]), '1');
    const platform = { os: 'linux', architecture: 'arm64' };
    const error = await failureOf(readImageConfig(`oci:${images.folder}`, { ...access(), platform }));
    expect(error.message).toContain('has no image for linux/arm64; it has linux/arm/v7, linux/amd64');
  });
});

describe.skipIf(serverMissing('docker-registry'))('from a real registry', () => {
  it('by tag and digest, an image and an index, of OCI and of Docker', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    for (const docker of [false, true]) {
      const image = images.image({ ...web, docker });
      const tagged = await images.push(registry, `shop/web:${docker}`, image);
      const expected = { digest: image.digest, ...webConfig };
      expect(await readImageConfig(tagged, access())).toEqual({ reference: tagged, ...expected });
      const pinned = `${registry.host}/shop/web@${image.digest}`;
      expect(await readImageConfig(pinned, access())).toEqual({ reference: pinned, ...expected });
      const index = await images.push(registry, `shop/index:${docker}`, images.index([{ ...web, docker }]));
      expect(await readImageConfig(index, access())).toEqual({ reference: index, ...expected });
    }
  });

  it('one that is not there, beside one that is', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const web1 = await images.push(registry, 'shop/web:1', images.image(web));
    const web2 = `${registry.host}/shop/web:2`;
    const seen: string[] = [];
    const progress = (done: number, total: number) => seen.push(`${done}/${total}`);
    const found = await readImageConfigs([web2, web1, web2], { ...access(), progress });
    expect([...found.keys()]).toEqual([web2, web1]);
    expect(found.get(web1)).toMatchObject(webConfig);
    expect(found.get(web2)).toMatchObject({ code: 'IMAGE_NOT_FOUND', reference: web2 });
    expect((found.get(web2) as Error).message).toContain(
      'answered 404 when asked to give shop/web manifests/2: manifest unknown',
    );
    expect(seen).toEqual(['1/2', '2/2']);
  });

  it('keeps what digests name: a second time only the digest of the tag is asked for', async () => {
    const registry = await startImageRegistry();
    const images = layout();
    const reference = await images.push(registry, 'shop/web:1', images.index([web]));
    const options = { ...access(), cache: undefined };
    const first = await readImageConfig(reference, options);
    const gets = () => registry.log().match(/msg="response completed".*http\.request\.method=GET.*manifests/g)?.length;
    const before = gets();
    expect(before).toBeGreaterThan(0);
    expect(await readImageConfig(reference, options)).toEqual(first);
    expect(gets()).toBe(before);
    // What has been damaged there is fetched again.
    const folder = join(options.env.HOME, '.cache/mesh-shim/images/sha256');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'damaged');
    expect(await readImageConfig(reference, options)).toEqual(first);
  });

  it('a mirror first, and the registry where the mirror lacks it', async () => {
    const mirror = await startImageRegistry();
    const registry = await startImageRegistry();
    const images = layout();
    await images.push(mirror, 'hub/shop/web:1', images.image({ config: { Cmd: ['/of-the-mirror'] } }));
    await images.push(registry, 'shop/web:1', images.image(web));
    await images.push(registry, 'shop/web:2', images.image(web));
    const options = { ...access(), mirrors: new Map([[registry.host, [`${mirror.host}/hub`]]]) };
    expect((await readImageConfig(`${registry.host}/shop/web:1`, options)).cmd).toEqual(['/of-the-mirror']);
    expect(await readImageConfig(`${registry.host}/shop/web:2`, options)).toMatchObject(webConfig);
    const error = await failureOf(readImageConfig(`${registry.host}/shop/web:3`, options));
    expect(error.message).toContain(`${registry.host} answered 404`);
  });

  describe('that asks who it is', () => {
    const { user, password } = registryUser;
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    const pushed = async () => {
      const registry = await startImageRegistry({ asks: true });
      const images = layout();
      const reference = await images.push(registry, 'shop/web:1', images.image(web), `Basic ${auth}`);
      return { registry, reference };
    };
    const configured = (config: object): Record<string, string> => {
      const folder = emptyVolume();
      writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
      return { DOCKER_CONFIG: folder };
    };

    it('tells it what the configuration of Docker says', async () => {
      const { registry, reference } = await pushed();
      for (const key of [registry.host, `https://${registry.host}/v1/`]) {
        const env = configured({ auths: { [key]: { auth } } });
        expect(await readImageConfig(reference, access(env))).toMatchObject(webConfig);
      }
    });

    it('asks the helper that is configured for it', async () => {
      const { registry, reference } = await pushed();
      const bin = emptyVolume();
      const script = `read -r server; [ "$1 $server" = "get ${registry.host}" ] || exit 1
printf '{"ServerURL":"%s","Username":"${user}","Secret":"${password}"}' "$server"`;
      writeFileSync(join(bin, 'docker-credential-test'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, 'docker-credential-test'), 0o755);
      const PATH = `${bin}:${process.env.PATH}`;
      for (const config of [{ credsStore: 'test' }, { credHelpers: { [registry.host]: 'test' }, credsStore: 'none' }]) {
        expect(await readImageConfig(reference, access({ ...configured(config), PATH }))).toMatchObject(webConfig);
      }
      const lacking = await failureOf(readImageConfig(reference, access(configured({ credsStore: 'test' }))));
      expect(lacking).toMatchObject({
        code: 'IMAGE_CREDENTIALS',
        message: expect.stringContaining('docker-credential-test is not on the PATH'),
      });
    });

    it('says that there are none, or that they are wrong, and never shows them', async () => {
      const { registry, reference } = await pushed();
      const none = await failureOf(readImageConfig(reference, access()));
      expect(none.code).toBe('IMAGE_DENIED');
      expect(none.message).toContain(
        `asks for credentials, and there are none; log in (docker login ${registry.host})`,
      );
      const env = configured({ auths: { [registry.host]: { username: user, password: 'a wrong secret' } } });
      const wrong = await failureOf(readImageConfig(reference, access(env)));
      expect(wrong.code).toBe('IMAGE_DENIED');
      expect(wrong.message).toContain(`refuses the credentials of ${join(env.DOCKER_CONFIG as string, 'config.json')}`);
      expect(JSON.stringify([wrong, wrong.message, wrong.stack, String(wrong.cause)])).not.toContain('wrong secret');
    });
  });
});
