import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { expandReferences } from '../../src/check/model/environment.ts';
import { envoyMissing } from '../helpers/envoy.ts';
import { ImageLayout } from '../helpers/image-layout.ts';
import { registryUser, startImageRegistry } from '../helpers/image-registry.ts';
import { type Container, type Manifest, podSpec } from '../helpers/manifests.ts';
import { emptyVolume, runContainer } from '../helpers/run-container.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startSidecar } from '../helpers/sidecar.ts';
import { executable } from '../native/executables.ts';

const shimImage = 'registry.example.com/mesh-shim:1';
const server = resolve('examples/docker-layer/server.mjs');
const succeeded = { code: 0, signal: null };
const startup = ['startup-unprotected', 'job-never-ends', 'liveness-kills-waiting'];

function workload(kind: string, name: string, containers: object[], pod: object = {}): Manifest {
  const template = { metadata: { labels: { app: name } }, spec: { ...pod, containers } };
  const metadata = { name, namespace: 'shop' };
  if (kind === 'CronJob')
    return {
      apiVersion: 'batch/v1',
      kind,
      metadata,
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } },
    };
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, metadata, spec: { template } };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: { app: name } }, template } };
}

/** A folder with a home of its own, so that no cache and no login is shared. */
function makeTree(manifests: readonly Manifest[]) {
  const cwd = emptyVolume();
  const env = { PATH: process.env.PATH ?? '', HOME: emptyVolume() };
  for (const manifest of manifests) {
    const file = join(cwd, `apps/${manifest.metadata.name}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stringify(manifest, { aliasDuplicateObjects: false }));
  }
  const run = (command: 'wrap' | 'check', ...args: string[]) =>
    runToolHere(command, ['--injection', 'true', ...args], { cwd, env });
  const wrap = (...args: string[]) => run('wrap', '--image', shimImage, ...args);
  const read = (name: string) => parse(readFileSync(join(cwd, `apps/${name}.yaml`), 'utf8')) as Manifest;
  const startupFindings = async () => {
    const { stdout } = await run('check', '--format', 'json', '.');
    const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
    return findings.map(({ rule }) => rule).filter((rule) => startup.includes(rule));
  };
  return { cwd, env, wrap, read, startupFindings };
}

/** What the kubelet makes of the words of a container (`$(NAME)`, `$$`). */
function asStarted(container: Container): Container {
  const env = new Map((container.env ?? []).map(({ name, value = '' }) => [name, value]));
  const expand = (words: readonly string[] = []) => words.map((word) => expandReferences(word, env));
  return { ...container, command: expand(container.command), args: expand(container.args) };
}

const liveness = { livenessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 } };

describe.skipIf(serverMissing('docker-registry'))('with a real registry', () => {
  it.skipIf(envoyMissing() || process.arch !== 'x64').each([
    ['init', ['exec', 'shell', 'job']],
    ['volume', ['cmd', 'args', 'loop']],
  ])(
    'what wrap has written (%s) runs beside a real Envoy',
    async (way, started) => {
      const registry = await startImageRegistry();
      const images = new ImageLayout(join(emptyVolume(), 'layout'));
      const push = (name: string, config: object) => images.push(registry, name, images.image({ config }));
      const node = process.execPath;
      const tree = makeTree([
        workload('Deployment', 'exec', [
          { name: 'a', image: await push('shop/exec:1', { Entrypoint: [node], Cmd: [server] }), ...liveness },
        ]),
        workload('Deployment', 'cmd', [{ name: 'a', image: await push('shop/cmd:1', { Cmd: [node, server] }) }]),
        workload('Deployment', 'args', [
          { name: 'a', image: await push('shop/args:1', { Entrypoint: [node], Cmd: ['other'] }), args: [server] },
        ]),
        workload('Deployment', 'shell', [
          {
            name: 'a',
            image: await push('shop/shell:1', { Entrypoint: ['/bin/sh', '-c', `exec ${node} $(echo ${server})`] }),
          },
        ]),
        workload('Deployment', 'loop', [
          {
            name: 'a',
            image: await push('shop/loop:1', {
              Entrypoint: [
                'sh',
                '-c',
                `until curl -fsI http://localhost:15021/healthz/ready; do sleep 1; done; exec ${node} ${server}`,
              ],
            }),
          },
        ]),
        workload('Job', 'job', [
          { name: 'a', image: await push('shop/job:1', { Entrypoint: ['/bin/sh', '-c', 'echo done; exit 3'] }) },
        ]),
      ]);
      expect(await tree.startupFindings()).toHaveLength(6);
      const { code, stdout } = await tree.wrap('--way', way, '--write', '.');
      expect(code, stdout).toBe(0);
      expect(stdout).toContain('6 workloads: 5 wrapped, 1 migrated,');
      expect(await tree.startupFindings()).toEqual([]);
      expect((await tree.wrap('--way', way, '--write', '.')).stdout).toContain(
        '6 workloads: 0 wrapped, 6 behind mesh-shim',
      );
      const files = emptyVolume();
      copyFileSync(executable('x64'), join(files, 'mesh-shim'));
      copyFileSync(resolve('dist/register.mjs'), join(files, 'register.mjs'));
      for (const name of started) {
        const sidecar = await startSidecar({ kind: 'istio' });
        onTestFinished(() => sidecar.stop());
        const { initContainers = [], containers } = podSpec(tree.read(name));
        expect(initContainers).toHaveLength(way === 'init' ? 1 : 0);
        const volume = way === 'init' ? emptyVolume() : files;
        const cluster = {
          volumes: { 'mesh-shim': volume },
          env: {
            MESH_SHIM_ADMIN_URL: sidecar.adminUrl,
            MESH_SHIM_READY_URL: sidecar.readyUrl,
            MESH_SHIM_QUIT_URL: `${sidecar.adminUrl}/quitquitquit`,
          },
        };
        for (const container of initContainers) {
          const installed = runContainer(container, { entrypoint: [join(files, 'mesh-shim')] }, cluster);
          expect(await installed.ended, installed.stderr()).toEqual(succeeded);
        }
        const running = runContainer(asStarted(containers[0] as Container), {}, cluster);
        await running.saw(/PRE_INITIALIZING/);
        expect(running.stdout()).toBe('');
        sidecar.deliverClusters();
        sidecar.deliverListeners();
        const isJob = name === 'job';
        expect(await running.ended, `${name}: ${running.stderr()}`).toEqual(
          isJob ? { code: 3, signal: null } : succeeded,
        );
        expect(running.stdout()).toBe(isJob ? 'done\n' : 'app: started\n');
        if (isJob) expect(await sidecar.envoy.exited).toEqual(succeeded);
        else expect(sidecar.envoy.logs()).not.toContain('quitquitquit');
      }
    },
    // Three Envoys, one after the other.
    120_000,
  );

  it('that asks who it is: with and without a login; what one has read, another takes from the file', async () => {
    const registry = await startImageRegistry({ asks: true });
    const images = new ImageLayout(join(emptyVolume(), 'layout'));
    const authorization = `Basic ${Buffer.from(`${registryUser.user}:${registryUser.password}`).toString('base64')}`;
    const image = await images.push(
      registry,
      'shop/web:1',
      images.image({ config: { Entrypoint: ['/app'] } }),
      authorization,
    );
    const tree = makeTree([workload('Deployment', 'web', [{ name: 'a', image }])]);
    const denied = await tree.wrap('.');
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain('its image cannot be read:');
    expect(denied.stdout).toContain('docker login');
    const config = emptyVolume();
    const auth = authorization.slice('Basic '.length);
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    Object.assign(tree.env, { DOCKER_CONFIG: config });
    const { stdout } = await tree.wrap('--list-images', '.');
    writeFileSync(join(tree.cwd, 'images.json'), stdout);
    Object.assign(tree.env, { DOCKER_CONFIG: emptyVolume(), HOME: emptyVolume() });
    const offline = await tree.wrap('--images', 'images.json', '--offline', '.');
    expect(offline).toMatchObject({ code: 0, stdout: expect.stringContaining('/mesh-shim/mesh-shim -- /app\n') });
  });

  it('of 300 workloads: one summary, and no blob is asked for twice', async () => {
    const registry = await startImageRegistry();
    const images = new ImageLayout(join(emptyVolume(), 'layout'));
    const described = Array.from({ length: 40 }, (_, index) =>
      images.image({ config: { Entrypoint: [`/app${index}`] } }),
    );
    for (const one of described.slice(0, 1)) await images.push(registry, 'shop/web:first', one);
    for (const [index, { digest, mediaType }] of described.entries()) {
      const put = await fetch(`http://${registry.host}/v2/shop/web/manifests/${index}`, {
        method: 'PUT',
        headers: { 'content-type': mediaType },
        body: images.read(digest),
      });
      expect(put.status).toBe(201);
    }
    const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Deployment'];
    const manifests = Array.from({ length: 300 }, (_, index) => {
      const image = `${registry.host}/shop/web:${index % 40}`;
      const own = index % 7 === 0 ? { command: ['scuttle', '/own'] } : index % 5 === 0 ? { command: ['/own'] } : {};
      return workload(kinds[index % kinds.length] as string, `w${index}`, [{ name: 'a', image, ...own, ...liveness }]);
    });
    const tree = makeTree(manifests);
    await tree.wrap('.');
    const asked = () => registry.log().match(/GET \/v2\/shop\/web\/blobs/g)?.length ?? 0;
    const cold = asked();
    expect(cold).toBeGreaterThan(30);
    const { code, stdout, stderr } = await tree.wrap('--write', '.');
    expect({ code, asked: asked() }).toEqual({ code: 0, asked: cold });
    expect(stderr).toBe('mesh-shim: wrote 300 files\n');
    expect(stdout).toContain(
      '300 workloads: 257 wrapped, 43 migrated, 0 behind mesh-shim before, 0 that need nothing.',
    );
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect(await tree.startupFindings()).toEqual([]);
    expect((await tree.wrap('--format', 'diff', '.')).stdout).toBe('');
  });
});

it('from a layout, where no registry has it; what cannot be started is left alone, with the reason', async () => {
  const images = new ImageLayout(join(emptyVolume(), 'layout'));
  images.name(images.image({ config: { Entrypoint: ['/app'] } }), 'web');
  images.name(images.image({ config: { Cmd: ['app.exe'] }, os: 'windows' }), 'windows');
  images.name(images.image({ config: { Cmd: ['/app'] }, architecture: 's390x' }), 'other');
  images.name(images.image({}), 'nothing');
  const names = ['web', 'windows', 'other', 'nothing'];
  const imageOf = (name: string) => `registry.example.com/shop/${name}:1`;
  const tree = makeTree(names.map((name) => workload('Deployment', name, [{ name: 'a', image: imageOf(name) }])));
  const sources = names.flatMap((name) => ['--image-source', `${imageOf(name)}=oci:${images.folder}:${name}`]);
  const { code, stdout } = await tree.wrap('--offline', ...sources, '--format', 'json', '.');
  const { workloads } = JSON.parse(stdout) as { workloads: { name: string; containers: { why: string }[] }[] };
  expect(code).toBe(1);
  expect(Object.fromEntries(workloads.map(({ name, containers }) => [name, containers[0]?.why]))).toEqual({
    web: 'what its image starts',
    windows: 'its image is for windows: mesh-shim runs on Linux',
    other: 'its image is for s390x: mesh-shim has executables for amd64 and arm64',
    nothing: 'neither its manifest nor its image says what to start',
  });
});

describe.skipIf(spawnSync('kubectl', ['kustomize', '--help']).status !== 0)('by kubectl kustomize', () => {
  const own = { name: 'a', image: 'x:1', command: ['/own', '-x'], args: ['y'], ...liveness };
  const manifests = [
    workload('Deployment', 'web', [own, { ...own, name: 'b', volumeMounts: [{ name: 'd', mountPath: '/d' }] }], {
      volumes: [{ name: 'd', emptyDir: {} }],
      initContainers: [{ name: 'i', image: 'x:1', command: ['true'] }],
    }),
    workload('CronJob', 'nightly', [own]),
    workload('Job', 'loop', [
      { name: 'a', image: 'x:1', command: ['sh', '-c', 'until nc -z localhost 15021; do sleep 1; done; exec app'] },
    ]),
    workload('StatefulSet', 'scuttle', [{ name: 'a', image: 'x:1', command: ['scuttle'], args: ['/app', '-v'] }]),
  ];
  const built = (cwd: string, folder: string) =>
    new Map(
      parseAllDocuments(execFileSync('kubectl', ['kustomize', folder], { cwd, encoding: 'utf8' }))
        .map((document) => document.toJS() as Manifest)
        .map((manifest) => [manifest.metadata.name, manifest] as const),
    );

  it('the patches make what --write makes', async () => {
    const tree = makeTree(manifests);
    const resources = manifests.map(({ metadata }) => `apps/${metadata.name}.yaml`);
    writeFileSync(join(tree.cwd, 'kustomization.yaml'), stringify({ resources, components: ['in-mesh'] }));
    expect((await tree.wrap('--kustomize', 'in-mesh', 'apps')).code).toBe(0);
    const patched = built(tree.cwd, '.');
    await tree.wrap('--write', 'apps');
    expect([...patched.keys()].sort()).toEqual(manifests.map(({ metadata }) => metadata.name).sort());
    for (const [name, manifest] of patched) expect(manifest).toEqual(tree.read(name));
  });

  it('what an overlay makes of a base is wrapped one level above', async () => {
    const tree = makeTree([workload('Deployment', 'web', [own])]);
    const put = (name: string, value: object) => {
      mkdirSync(dirname(join(tree.cwd, name)), { recursive: true });
      writeFileSync(join(tree.cwd, name), stringify(value));
    };
    put('apps/kustomization.yaml', { resources: ['web.yaml'] });
    const start = [{ op: 'replace', path: '/spec/template/spec/containers/0/command', value: ['/prod'] }];
    const patches = [{ target: { kind: 'Deployment' }, patch: stringify(start) }];
    put('prod/kustomization.yaml', { resources: ['../apps'], namePrefix: 'prod-', namespace: 'prod', patches });
    const { code, stderr } = await tree.wrap('--render', '--kustomize', 'in-mesh', 'prod');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    put('kustomization.yaml', { resources: ['prod'], components: ['in-mesh'] });
    const { containers } = podSpec(built(tree.cwd, '.').get('prod-web') as Manifest);
    expect(containers[0]?.command).toEqual(['/mesh-shim/mesh-shim', '--', '/prod']);
  });
});
