import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkManifests } from '../../src/check/report/check-manifests.ts';
import { healthOptionTable, lifecycleOptionTable, type OptionRow } from '../../src/index.ts';
import { readDockerfile, type Stage } from '../helpers/dockerfile.ts';
import { type KubernetesObject, schemaFindings } from '../helpers/kubernetes-schemas.ts';
import {
  type Container,
  type Manifest,
  type PodSpec,
  podSpec,
  readManifests,
  yamlFiles,
} from '../helpers/manifests.ts';
import { runToolHere } from '../helpers/run-tool.ts';

const examples = [
  ...['init-container', 'image-volume', 'job', 'kustomize-component', 'admission-policy', 'kyverno'],
  'node-service',
].map((name) => `examples/${name}`);
const manifests = examples.flatMap((folder) =>
  yamlFiles(folder).flatMap((path) => readManifests(path).map((object) => ({ path, kind: object.kind, object }))),
);
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** Kinds of tools, which Kubernetes' own schemas do not have. */
const toolKinds = ['Kustomization', 'Component', 'MutatingPolicy', 'PeerAuthentication'];
const defaultOf = (table: readonly OptionRow[], name: string) => table.find((row) => row.name === name)?.default;
const workloads = manifests.filter(({ kind }) => ['Deployment', 'Job', 'Pod'].includes(kind));

describe("Kubernetes' schemas", () => {
  let findings: (object: KubernetesObject) => string[];
  beforeAll(() => {
    findings = schemaFindings();
  });

  it.each(manifests.filter(({ kind }) => !toolKinds.includes(kind)))('accept $kind of $path', ({ object, path }) => {
    // A patch is no whole object: it leaves out what it does not change.
    if (path.endsWith('carry.yaml')) {
      expect(findings(object).filter((line) => !line.includes('missingProperty'))).toEqual([]);
    } else expect(findings(object)).toEqual([]);
  });

  it('refuse a field that there is not', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', comand: ['x'] }] } };
    expect(findings(pod).join()).toContain('comand');
  });
});

// One by one: some are alternatives, which would clash in one cluster.
it.each([...examples, 'examples/health-port'].flatMap(yamlFiles))('the checker finds nothing in %s', (path) => {
  const { findings, unread } = checkManifests([{ name: path, text: readFileSync(path, 'utf8') }]);
  expect({ findings, unread }).toEqual({ findings: [], unread: [] });
});

it('the checker finds nothing in the manifests of node-service together, and prints what its README shows', async () => {
  const { code, stdout } = await runToolHere('check', ['examples/node-service/kubernetes', '--fail-on', 'info']);
  expect(code, stdout).toBe(0);
  expect(readFileSync('examples/node-service/README.md', 'utf8')).toContain(`\n${stdout}`);
});

it('node-service: image, manifests and program agree on ports, user and times', () => {
  const [image] = readDockerfile('examples/node-service/Dockerfile').slice(-1) as [Stage];
  const words = (name: string) => image.instructions.find((one) => one.name === name)?.words;
  const [deployment] = readManifests('examples/node-service/kubernetes/deployment.yaml') as [Manifest];
  const pod = podSpec(deployment) as PodSpec & { terminationGracePeriodSeconds: number };
  const [container] = pod.containers as [Container & { ports: { containerPort: number }[]; securityContext: object }];
  const ports = container.ports.map(({ containerPort }) => containerPort);
  expect(words('EXPOSE')).toBe(ports.join(' '));
  expect(ports[1]).toBe(defaultOf(healthOptionTable, 'port'));
  expect(container.securityContext).toMatchObject({ runAsUser: Number(words('USER')), runAsNonRoot: true });
  expect(pod.terminationGracePeriodSeconds * 1000).toBe(defaultOf(lifecycleOptionTable, 'graceMs'));
  const program = readFileSync('examples/node-service/server.ts', 'utf8');
  expect(program).toContain(`PORT = '${ports[0]}', HEALTH_PORT = '${ports[1]}'`);
  for (const { name } of container.env ?? []) expect(program).toContain(name);
});

it.each(workloads)('$kind of $path: an app that is held back and has a livenessProbe has a startupProbe', (one) => {
  for (const container of podSpec(one.object).containers) {
    expect(container.livenessProbe !== undefined && container.startupProbe === undefined).toBe(false);
  }
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!hasKubectl) process.stderr.write('SKIPPED: what Kustomize prints: no kubectl in PATH\n');
it.runIf(hasKubectl)('Kustomize prints what the example says', () => {
  const folder = 'examples/kustomize-component';
  const printed = spawnSync('kubectl', ['kustomize', `${folder}/app`], { encoding: 'utf8' });
  expect(printed.stderr).toBe('');
  // By value: its versions indent differently.
  expect(parse(printed.stdout)).toEqual(readManifests(`${folder}/expected.yaml`)[0]);
});

it('what Kustomize printed has all of the app and of the component', () => {
  const folder = 'examples/kustomize-component';
  const read = (path: string) => podSpec(readManifests(`${folder}/${path}`)[0] as Manifest);
  const [printed, app, carried] = [read('expected.yaml'), read('app/deployment.yaml'), read('component/carry.yaml')];
  expect(printed.initContainers).toEqual(carried.initContainers);
  expect(printed.containers).toEqual([
    {
      ...app.containers[0],
      volumeMounts: carried.containers[0]?.volumeMounts,
      command: ['/mesh-shim/mesh-shim', '--', 'node', 'server.mjs'],
    },
  ]);
});

it('all take the image of this version', () => {
  const texts = [...yamlFiles('examples'), 'Dockerfile.shim', 'examples/docker-layer/Dockerfile.node']
    .concat('examples/docker-layer/Dockerfile.static')
    .map((path) => readFileSync(path, 'utf8'));
  const named = texts.flatMap((text) => [...text.matchAll(/registry\.example\.com\/mesh-shim:([\w.-]+)/g)]);
  expect(named.length).toBeGreaterThan(8);
  expect(new Set(named.map(([, tag]) => tag))).toEqual(new Set([version]));
});

it.each([...examples, 'examples/docker-layer'])('%s has a README that names its files', (folder) => {
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  for (const [, target = ''] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
    expect(existsSync(`${folder}/${target}`), target).toBe(true);
  }
});
