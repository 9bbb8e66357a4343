import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { type Container, type Manifest, podSpec, readManifests } from '../helpers/manifests.ts';
import { emptyVolume, runContainer } from '../helpers/run-container.ts';
import type { Running } from '../helpers/run-shim.ts';
import { type Sidecar, startSidecar } from '../helpers/sidecar.ts';
import { executable } from '../native/executables.ts';

const server = resolve('examples/docker-layer/server.mjs');
const app = [process.execPath, server];
const succeeded = { code: 0, signal: null };

/** The image of mesh-shim, as Dockerfile.shim makes it. */
function shimImage(): string {
  const folder = emptyVolume();
  copyFileSync(executable('x64'), join(folder, 'mesh-shim'));
  copyFileSync(resolve('dist/register.mjs'), join(folder, 'register.mjs'));
  return folder;
}

async function sidecarThatStarts(): Promise<Sidecar> {
  const sidecar = await startSidecar({ kind: 'istio' });
  onTestFinished(() => sidecar.stop());
  return sidecar;
}

/** The ports of the pod, which are free ones here; for pilot-agent's quitquitquit stands that of its Envoy. */
const settings = ({ adminUrl, readyUrl }: Sidecar) => ({
  MESH_SHIM_ADMIN_URL: adminUrl,
  MESH_SHIM_READY_URL: readyUrl,
  MESH_SHIM_QUIT_URL: `${adminUrl}/quitquitquit`,
  MESH_SHIM_MODE: 'required',
});

/** A line of the log without what differs from run to run. */
function comparable(line: string): unknown {
  const { msg, ...fields } = JSON.parse(line) as { msg: string };
  const ports = /http:\/\/(localhost|127\.0\.0\.1):\d+/g;
  const said = msg.replace(ports, 'http://HOST:PORT').replace(/after [\d.]+ (ms|s)\b/, 'after TIME');
  return { names: Object.keys(fields), msg: said };
}

const logLines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('{"level"'));

/** Each line that the README shows is one of the run's. */
function expectAsShown(example: string, running: Running): void {
  const shown = logLines(readFileSync(`examples/${example}/README.md`, 'utf8')).map(comparable);
  expect(shown.length).toBeGreaterThan(0);
  expect(logLines(running.stderr()).map(comparable)).toEqual(expect.arrayContaining(shown));
}

/** Modes and names of what `ls -l` prints. */
const listing = (text: string): string[] =>
  [...text.matchAll(/^(-[-rwx]{9}) .* (\S+)$/gm)].map(([, mode, name]) => `${mode} ${name}`);

async function isHeldBack(running: Running, sidecar: Sidecar): Promise<void> {
  await running.saw(/PRE_INITIALIZING/);
  expect(running.stdout()).toBe('');
  sidecar.deliverClusters();
  sidecar.deliverListeners();
}

const first = <T>([one]: readonly T[] = []): T => {
  if (one === undefined) throw new Error('none');
  return one;
};
const manifest = (path: string): Manifest => first(readManifests(path));

/** Runs the init container of a pod, if it has one, and its app, beside a real Envoy that becomes ready meanwhile. */
async function runPod(pod: Manifest, programs: Record<string, readonly string[]>) {
  const { initContainers = [], containers } = podSpec(pod);
  const sidecar = await sidecarThatStarts();
  const image = shimImage();
  const volume = initContainers.length > 0 ? emptyVolume() : image;
  const cluster = { volumes: { 'mesh-shim': volume }, env: settings(sidecar) };
  for (const container of initContainers) {
    const installed = runContainer(container, { entrypoint: [join(image, 'mesh-shim')] }, cluster);
    expect(await installed.ended, installed.stderr()).toEqual(succeeded);
  }
  expect(readdirSync(volume).sort()).toEqual(['mesh-shim', 'register.mjs']);
  expect(statSync(join(volume, 'mesh-shim')).mode & 0o111).toBe(0o111);
  const running = runContainer(first<Container>(containers), { programs, entrypoint: app }, cluster);
  await isHeldBack(running, sidecar);
  return { running, sidecar, volume };
}

const waitsForEnvoy = [
  ['init-container/deployment.yaml', { 'server.mjs': [server] }],
  ['kustomize-component/expected.yaml', { 'server.mjs': [server] }],
  ['image-volume/deployment.yaml', { '/app/web': app }],
  ['image-volume/deployment-node.yaml', {}],
] as const;

describe.skipIf(envoyMissing() || process.arch !== 'x64')('beside a real Envoy', () => {
  it.each(waitsForEnvoy)('%s: the app starts when traffic flows', async (path, programs) => {
    const { running, volume } = await runPod(manifest(`examples/${path}`), programs);
    expect(await running.ended, running.stderr()).toEqual(succeeded);
    expect(running.stdout()).toBe('app: started\n');
    if (path === 'image-volume/deployment.yaml') expectAsShown('image-volume', running);
    if (path !== 'init-container/deployment.yaml') return;
    expectAsShown('init-container', running);
    const { stdout } = spawnSync('ls', ['-ln', volume], { encoding: 'utf8' });
    const shown = listing(readFileSync('examples/init-container/README.md', 'utf8'));
    expect(shown).toHaveLength(2);
    expect(listing(stdout)).toEqual(shown);
  });

  it.each(['image-volume', 'init-container'])(
    'a pod that the admission policy has changed (%s): the app starts when traffic flows, waiting once',
    async (flavour) => {
      const { pods } = JSON.parse(readFileSync(`test/fixtures/admission/${flavour}.json`, 'utf8'));
      const { running } = await runPod(first<{ after: Manifest }>(pods).after, { 'server.mjs': [server] });
      expect(await running.ended, running.stderr()).toEqual(succeeded);
      expect(running.stdout()).toBe('app: started\n');
      expect(running.stderr().match(/ready after/g)).toHaveLength(1);
    },
  );

  it('job/job.yaml: ends with the exit code of its app, and the sidecar ends as well', async () => {
    const migrate = ['/bin/sh', '-c', 'echo migrated "$0"; exit 3'];
    const { running, sidecar } = await runPod(manifest('examples/job/job.yaml'), { '/app/migrate': migrate });
    expect(await running.ended).toEqual({ code: 3, signal: null });
    expect(running.stdout()).toBe('migrated up\n');
    expect(await sidecar.envoy.exited).toEqual(succeeded);
    expectAsShown('job', running);
  });

  it.each(['static', 'node'])('docker-layer/Dockerfile.%s: the app starts when traffic flows', async (kind) => {
    const text = readFileSync(`examples/docker-layer/Dockerfile.${kind}`, 'utf8');
    const words = (instruction: string): string[] =>
      JSON.parse(text.match(new RegExp(`^${instruction} (\\[.*\\])$`, 'm'))?.[1] ?? '[]');
    expect(text).toMatch(/^COPY --from=mesh-shim \/mesh-shim \/mesh-shim$/m);
    const sidecar = await sidecarThatStarts();
    const programs = { '/mesh-shim': [join(shimImage(), 'mesh-shim')], '/app': app, 'server.mjs': [server] };
    const container = { name: 'app', image: 'app', command: [...words('ENTRYPOINT'), ...words('CMD')] };
    const running = runContainer(container, { programs }, { volumes: {}, env: settings(sidecar) });
    await isHeldBack(running, sidecar);
    expect(await running.ended, running.stderr()).toEqual(succeeded);
    expect(running.stdout()).toBe('app: started\n');
    expectAsShown('docker-layer', running);
  });
});

describe('Dockerfile.shim', () => {
  const text = readFileSync('Dockerfile.shim', 'utf8');
  const { version, license } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
  const lastStage = text.slice(text.lastIndexOf('\nFROM '));

  it('ends in an image of nothing but the two files, for nobody', () => {
    expect(lastStage).toMatch(/^\nFROM scratch\n/);
    expect(lastStage.match(/^(COPY|USER|ENTRYPOINT|RUN|ADD) .*$/gm)).toEqual([
      'COPY --from=build /image/ /',
      'USER 65534:65534',
      'ENTRYPOINT ["/mesh-shim"]',
    ]);
    expect(lastStage).toContain(`org.opencontainers.image.version="${version}"`);
    expect(lastStage).toContain(`org.opencontainers.image.licenses="${license}"`);
  });

  // The step that chooses by the platform, run as the builder runs it, on files that have been built.
  const step = text.match(/^RUN (case "\$TARGETARCH"[\s\S]*?[^\\])\n\n/m)?.[1] ?? 'exit 99';
  const choose = async (arch: string) => {
    const folder = emptyVolume();
    for (const name of ['linux-x64', 'linux-arm64']) mkdirSync(join(folder, 'dist', name), { recursive: true });
    copyFileSync(executable('x64'), join(folder, 'dist/linux-x64/mesh-shim'));
    copyFileSync(executable('arm64'), join(folder, 'dist/linux-arm64/mesh-shim'));
    copyFileSync('dist/register.mjs', join(folder, 'dist/register.mjs'));
    const script = step.replaceAll(/(?<= )\/image/g, `${folder}/image`);
    const command = ['/bin/sh', '-ec', `cd "$0"\n${script}`, folder];
    const running = runContainer(
      { name: 'build', image: 'build', command },
      {},
      { volumes: {}, env: { TARGETARCH: arch } },
    );
    return { folder: join(folder, 'image'), ending: await running.ended, stderr: running.stderr() };
  };

  it.each([
    ['amd64', 'x64'],
    ['arm64', 'arm64'],
  ] as const)('takes the executable for %s', async (arch, own) => {
    const { folder, ending, stderr } = await choose(arch);
    expect(ending, stderr).toEqual(succeeded);
    expect(readdirSync(folder).sort()).toEqual(['mesh-shim', 'register.mjs']);
    expect(readFileSync(join(folder, 'mesh-shim')).equals(readFileSync(executable(own)))).toBe(true);
    expect(statSync(join(folder, 'mesh-shim')).mode & 0o7777).toBe(0o555);
    expect(statSync(join(folder, 'register.mjs')).mode & 0o7777).toBe(0o444);
  });

  it('refuses a platform that there is no executable for', async () => {
    const { ending, stderr } = await choose('s390x');
    expect(ending).toEqual({ code: 1, signal: null });
    expect(stderr).toBe('mesh-shim has no executable for "s390x"; there are amd64 and arm64\n');
  });
});
