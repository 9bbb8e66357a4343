import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../../src/check/fix/apply-fixes.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import { formatGithub } from '../../../../src/check/report/github.ts';
import { formatText } from '../../../../src/check/report/text/format-text.ts';

const job = `apiVersion: batch/v1
kind: Job
metadata: {name: report, namespace: own}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: report, image: "registry.example.com/report:1"}]
`;
const namespace = (name: string, injection: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {istio-injection: ${injection}}}\n`;
const base = (world: string, ns: string, text = job) => ({ name: 'base.yaml', text, world, namespaceOverride: ns });
const inputs = { kubernetes: '1.30' };

describe('each world is a cluster of its own', () => {
  it('what a base has in one overlay only says in which', () => {
    const sources = [
      base('qa', 'shop-qa'),
      { name: 'qa.yaml', text: namespace('x', 'disabled'), world: 'qa', namespaceOverride: 'shop-qa' },
      base('prod', 'shop-prod'),
      { name: 'prod.yaml', text: namespace('y', 'enabled'), world: 'prod', namespaceOverride: 'shop-prod' },
    ];
    const { findings, objects } = checkManifests(sources, { inputs });
    expect(findings).toMatchObject([
      { rule: 'job-never-ends', file: 'base.yaml', object: { namespace: 'shop-prod' }, worlds: ['prod'] },
    ]);
    // The base counts once, and a kustomization's namespace names the Namespace, too.
    expect(objects).toBe(3);
  });

  it('what it has in all of them is one finding, and one fix', () => {
    const { findings } = checkManifests([base('qa', 'a'), base('prod', 'b')], { inputs });
    expect(findings).toHaveLength(1);
    expect(findings[0]).not.toHaveProperty('worlds');
    const { changed } = applyFixes(findings);
    expect(changed.map(({ name }) => name)).toEqual(['base.yaml']);
    const after = [base('qa', 'a', changed[0]?.text), base('prod', 'b', changed[0]?.text)];
    expect(checkManifests(after, { inputs }).findings).toEqual([]);
  });

  it('the worst of the worlds decides', () => {
    const sources = [
      base('qa', 'a'),
      base('prod', 'b'),
      { name: 'b.yaml', text: namespace('b', 'enabled'), world: 'prod' },
    ];
    const [finding, ...others] = checkManifests(sources, { inputs }).findings;
    expect(others).toEqual([]);
    expect(finding?.severity).toBe('error');
  });

  it('policies of one judge no workload of another', () => {
    const strict =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';
    const web = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: x, readinessProbe: {httpGet: {port: 8080}}}
`;
    const rules = (world: string) =>
      checkManifests(
        [
          { name: 'web.yaml', text: web, world: 'dev' },
          { name: 'strict.yaml', text: strict, world },
        ],
        { inputs: { probeRewrite: false } },
      ).findings.map(({ rule }) => rule);
    expect(rules('dev')).toContain('probe-mtls');
    expect(rules('prod')).not.toContain('probe-mtls');
  });

  it('an annotation suppresses in all of them', () => {
    const ignored = job.replace('namespace: own', 'annotations: {mesh-shim-ignore: "job-never-ends: it ends"}');
    // In the first world there is nothing to suppress.
    const outside = { name: 'qa.yaml', text: namespace('a', 'disabled'), world: 'qa' };
    const sources = [outside, base('qa', 'a', ignored), base('prod', 'b', ignored)];
    const { findings, suppressed } = checkManifests(sources, { inputs });
    expect(findings).toEqual([]);
    expect(suppressed).toHaveLength(1);
  });

  it('the reports say in which, who told what, and of how many clusters the census is', () => {
    const node = 'apiVersion: v1\nkind: Node\nmetadata: {name: old}\nstatus: {nodeInfo: {kubeletVersion: v1.30.1}}\n';
    const sources = [
      base('qa', 'shop'),
      { name: 'qa.yaml', text: namespace('shop', 'disabled'), world: 'qa' },
      base('prod', 'shop'),
      { name: 'prod.yaml', text: `${namespace('shop', 'enabled')}---\n${node}`, world: 'prod' },
    ];
    const result = checkManifests(sources);
    const text = formatText(result, { verbose: true });
    expect(text).toContain('2 workloads in 2 clusters: 1 with a sidecar');
    expect(text).toContain('  shop (prod): 1 with a sidecar (label on the namespace)\n  shop (qa): 1 in namespaces');
    expect(text).toContain('Job shop/report\n      only in prod\n');
    expect(text).toContain('\n  Read from the files: kubernetes 1.30 (Node old).\n');
    expect(text).not.toContain('Assumed: kubernetes');
    const annotation = formatGithub(result);
    expect(annotation).toContain(' Only in prod. ');
    expect(annotation).toContain('Read from the files: kubernetes 1.30 (Node old).');
  });
});
