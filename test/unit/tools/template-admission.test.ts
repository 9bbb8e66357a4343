import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { expressionsHash, type Policy } from '../../../scripts/admission/expressions.ts';
import { admissionWays, engines } from '../../../src/tools/template/admission/admission-values.ts';
import { runToolHere } from '../../helpers/run-tool.ts';

const run = (...args: string[]) => runToolHere('template', ['admission', ...args]);

async function made(...args: string[]) {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const documents = parseAllDocuments(stdout);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  return documents.map((document) => document.toJS());
}

const kinds = { policy: ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'], kyverno: ['MutatingPolicy'] };
const recorded = { volume: 'image-volume', init: 'init-container' };

const all = engines.flatMap((engine) => admissionWays.map((way) => [engine, way] as const));

it.each(all)("%s, %s: the expressions are those that Kubernetes' own code has run", async (engine, way) => {
  const documents = await made('--engine', engine, '--way', way);
  expect(documents.map(({ kind }) => kind)).toEqual(kinds[engine]);
  const recording = JSON.parse(readFileSync(`test/fixtures/admission/${recorded[way]}.json`, 'utf8'));
  expect(expressionsHash(documents[0] as Policy)).toBe(recording.expressionsSha256);
});

it('without options it is the policy of the example', async () => {
  const { stdout } = await run();
  expect(stdout).toBe(readFileSync('examples/admission-policy/image-volume.yaml', 'utf8'));
});

const variable = (policy: Policy, name: string) => policy.spec.variables.find((one) => one.name === name)?.expression;

describe.each(all)('%s, %s: what is given', (engine, way) => {
  const given = (...args: string[]) => made('--engine', engine, '--way', way, ...args);

  it('the image, and no expression but that of the variable changes', async () => {
    const [policy] = await given('--image', 'r.example.com/shim@sha256:0a');
    const [standard] = await given();
    expect(variable(policy, 'image')).toBe("'r.example.com/shim@sha256:0a'");
    expect(policy.spec.mutations).toEqual(standard.spec.mutations);
  });

  it('exceptions stand beside the proxies', async () => {
    const [policy] = await given('--except', 'metrics,old', '--except', 'log');
    expect(variable(policy, 'skip')).toMatch(/^\['istio-proxy', 'linkerd-proxy', 'metrics', 'old', 'log'\] \+ /);
  });

  it('labels of pods and of namespaces', async () => {
    const [policy, binding] = await given(
      '--label',
      'a.b/c=true',
      '--namespace-label=team=shop',
      '--except-namespace=ci,no',
    );
    const { objectSelector, namespaceSelector } = policy.spec.matchConstraints;
    expect(objectSelector).toEqual({ matchLabels: { 'a.b/c': 'true' } });
    const namespaces = engine === 'policy' ? binding.spec.matchResources.namespaceSelector : namespaceSelector;
    expect(namespaces.matchLabels).toEqual({ team: 'shop' });
    const [{ values }] = namespaces.matchExpressions;
    expect(values).toEqual(engine === 'policy' ? ['kube-system', 'ci', 'no'] : ['ci', 'no']);
  });

  it('the name, of the binding as well', async () => {
    const documents = await given('--name', 'wait-for-mesh');
    expect(documents.map(({ metadata }) => metadata)).toEqual(documents.map(() => ({ name: 'wait-for-mesh' })));
    if (engine === 'policy') expect(documents[1].spec.policyName).toBe('wait-for-mesh');
  });
});

it('all pods of some namespaces', async () => {
  const [policy, binding] = await made('--label', 'none', '--namespace-label', 'mesh-shim=enabled');
  expect(policy.spec.matchConstraints).not.toHaveProperty('objectSelector');
  expect(binding.spec.matchResources.namespaceSelector.matchLabels).toEqual({ 'mesh-shim': 'enabled' });
});

it.each([
  [['--label', 'none'], '--label none needs --namespace-label KEY=VALUE'],
  [
    ['--label', 'none', '--namespace-label', 'a=b', '--engine', 'kyverno'],
    '--engine kyverno needs a label of the pods',
  ],
  [['--label', 'enabled'], '--label must be a label (KEY=VALUE), or none, got "enabled"'],
  [['--label', "a=b'c"], '--label must be a label'],
  [['--namespace-label', 'a=b}'], '--namespace-label must be a label'],
  [['--except', "x','y"], '--except must be names of containers'],
  [['--except-namespace', 'A'], '--except-namespace must be names of namespaces'],
  [['--image', "a'b"], '--image must be the reference of an image'],
  [['--way', 'layer'], '--way: unknown way "layer"; use init, volume'],
  [['--engine', 'gatekeeper'], '--engine: unknown engine "gatekeeper"; use policy, kyverno'],
  [['--namespace', 'shop'], 'admission does not take --namespace; it takes --name, --way [volume]'],
])('is refused: %j', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
