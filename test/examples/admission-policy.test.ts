import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expressionsHash, type Policy } from '../../scripts/admission/expressions.ts';
import { schemaFindings } from '../helpers/kubernetes-schemas.ts';
import { type Container, type Manifest, podSpec, readManifests } from '../helpers/manifests.ts';

interface Recording {
  readonly expressionsSha256: string;
  readonly pods: readonly { name: string; before: Manifest; after: Manifest; again: string }[];
}

const read = (path: string) => readManifests(path) as unknown as [Policy];
const shim = '/mesh-shim/mesh-shim';
const preload = '--import=/mesh-shim/register.mjs';

// What the API server's own code made of the pods: recorded, because building that code takes minutes.
describe.each(['image-volume', 'init-container'])('the policy %s', (flavour) => {
  const recording = JSON.parse(readFileSync(`test/fixtures/admission/${flavour}.json`, 'utf8')) as Recording;
  const patched = (name: string): Manifest => {
    const found = recording.pods.find((pod) => pod.name === name);
    if (!found) throw new Error(`no pod "${name}"`);
    return found.after;
  };
  const container = (pod: string, name: string): Container => {
    const found = podSpec(patched(pod)).containers.find((one) => one.name === name);
    if (!found) throw new Error(`no container "${name}"`);
    return found;
  };
  const nodeOptions = (pod: string, name: string) =>
    container(pod, name)
      .env?.filter((entry) => entry.name === 'NODE_OPTIONS')
      .map(({ value }) => value);

  it('is the one that was recorded; if not: npm run record:admission', () => {
    const [policy] = read(`examples/admission-policy/${flavour}.yaml`);
    expect(expressionsHash(policy)).toBe(recording.expressionsSha256);
  });

  it('makes pods that Kubernetes takes, and changes nothing the second time', () => {
    const findings = schemaFindings();
    for (const pod of recording.pods) {
      expect(findings({ ...pod.after, apiVersion: 'v1', kind: 'Pod' }), pod.name).toEqual([]);
      expect(pod.again, pod.name).toBe('unchanged');
    }
  });

  it('wraps a command, and leaves what it cannot see', () => {
    expect(container('command and NODE_OPTIONS', 'web').command).toEqual([shim, '--', 'node', 'server.mjs']);
    expect(container('nothing but an image', 'web')).not.toHaveProperty('command');
  });

  it('leaves proxies and named containers as they are', () => {
    for (const [pod, names] of [
      ['an injected proxy', ['istio-proxy']],
      ['containers to be skipped', ['old', 'metrics']],
    ] as const) {
      const { before } = recording.pods.find(({ name }) => name === pod) as Recording['pods'][number];
      for (const name of names) {
        expect(container(pod, name)).toMatchObject(podSpec(before).containers.find((one) => one.name === name) ?? {});
        expect(JSON.stringify(container(pod, name))).not.toContain('mesh-shim');
      }
    }
    expect(nodeOptions('containers to be skipped', 'web')).toEqual([preload]);
  });

  it('puts the preload first in NODE_OPTIONS, wherever their value comes from', () => {
    expect(nodeOptions('command and NODE_OPTIONS', 'web')).toEqual([`${preload} --max-old-space-size=256`]);
    expect(nodeOptions('nothing but an image', 'web')).toEqual([preload]);
    expect(nodeOptions('values from elsewhere', 'from-config')).toEqual([undefined, `${preload} $(NODE_OPTIONS)`]);
    expect(nodeOptions('values from elsewhere', 'env-from')).toEqual([`${preload} $(NODE_OPTIONS)`]);
    expect(nodeOptions('the last of two entries', 'web')).toEqual(['--a', `${preload} --b`]);
    expect(nodeOptions('the last of two entries', 'empty')).toEqual([preload]);
  });

  it('brings the files before anything else starts', () => {
    const { initContainers = [] } = podSpec(patched('an injected proxy'));
    expect(initContainers.map(({ name }) => name)).toEqual(
      flavour === 'init-container' ? ['mesh-shim-install', 'istio-init'] : ['istio-init'],
    );
    if (flavour === 'init-container') expect(initContainers[0]?.args).toEqual(['install', '/target']);
  });

  it('prints what its README shows', () => {
    const readme = readFileSync('examples/admission-policy/README.md', 'utf8');
    for (const word of [
      ...(container('command and NODE_OPTIONS', 'web').command ?? []),
      `${preload} --max-old-space`,
    ]) {
      expect(readme).toContain(word);
    }
  });
});

it.each([
  ['policy', 'image-volume'],
  ['policy-init-container', 'init-container'],
])("Kyverno's policy says the same: %s", (file, flavour) => {
  const [kyverno] = read(`examples/kyverno/${file}.yaml`);
  const [own] = read(`examples/admission-policy/${flavour}.yaml`);
  expect(kyverno.spec.variables).toEqual(own.spec.variables);
  expect(kyverno.spec.mutations).toEqual(own.spec.mutations);
});
