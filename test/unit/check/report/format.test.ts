import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../../src/check/report/finding.ts';
import { formatGithub } from '../../../../src/check/report/github.ts';
import { formatJson } from '../../../../src/check/report/json.ts';
import { documentedRules, ruleDescription } from '../../../../src/check/report/rule-page.ts';
import { formatSarif } from '../../../../src/check/report/sarif.ts';
import { formatText } from '../../../../src/check/report/text.ts';

const source = (rule: string) => ({
  name: `a folder/${rule}.yaml`,
  text: readFileSync(`test/fixtures/check/${rule}/bad.yaml`, 'utf8'),
});
const broken = { name: 'broken.yaml', text: 'kind: [' };
const ignored = { name: 'ignored.yaml', text: `# mesh-shim-ignore api-old: soon\n${source('api-old').text}` };
const result = checkManifests([
  source('port-undeclared'),
  source('udp-unguarded'),
  source('startup-unprotected'),
  ignored,
  broken,
]);

it('writes SARIF that its schema takes', () => {
  const folder = createRequire(import.meta.url)
    .resolve('@microsoft/jest-sarif/package.json')
    .replace('package.json', '');
  const schema = JSON.parse(readFileSync(`${folder}lib/schemas/sarif-2.1.0-rtm.5.json`, 'utf8'));
  delete schema.$schema; // draft-04's, which ajv 8 does not know; it reads the keywords all the same
  schema.$id = schema.id;
  delete schema.id;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  );
  const sarif = JSON.parse(formatSarif(result, '1.2.3'));
  expect(validate(sarif), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...sarif, runs: [{}] })).toBe(false);
  expect(sarif.runs[0].results.length).toBe(result.findings.length + result.suppressed.length);
  const [run] = sarif.runs;
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
    [...result.findings, ...result.suppressed].map(({ rule }) => rule),
  );
  expect(run.results.at(-1).suppressions).toEqual([{ kind: 'inSource', justification: 'soon' }]);
  expect(run.results[0].suppressions).toBeUndefined();
  expect(run.results[0].locations[0].physicalLocation.region).toEqual({ startLine: 25, startColumn: 7 });
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1);
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    'a%20folder/port-undeclared.yaml',
  );
});

it('writes workflow commands, one a line', () => {
  const lines = formatGithub(result).trimEnd().split('\n');
  expect(lines.length).toBe(result.findings.length + result.unread.length);
  for (const line of lines)
    expect(line).toMatch(/^::(error|warning|notice) file=[^:,]+,line=\d+,col=\d+,title=[^:]+::.+$/);
});

it('writes the result as JSON', () => {
  const { findings, suppressed } = JSON.parse(formatJson(result));
  expect(findings).toEqual(result.findings);
  expect(suppressed).toEqual(result.suppressed);
  expect(findings[0].fix).toEqual({
    title: 'declare http',
    certain: false,
    patches: [
      {
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' },
        operations: [{ op: 'add', path: '/spec/ports/0/appProtocol', value: 'http' }],
      },
    ],
    manifests: [],
  });
});

it('writes for people: grouped, with fixes and a summary, in colour where asked', () => {
  const plain = formatText(result, false);
  expect(plain).toContain('Service shop/web  a folder/port-undeclared.yaml\n');
  expect(plain).toContain("kubectl patch service web -n shop --type=json -p '[");
  expect(plain).toContain('kind: NetworkPolicy');
  expect(plain).toMatch(/3 documents? not checked|1 document not checked/);
  expect(plain.includes('\u001b')).toBe(false);
  expect(formatText(result, true).includes('\u001b[31m')).toBe(true);
});

const mixed = checkManifests(
  [
    {
      name: 'dir/a,b:c%.yaml',
      text: `# mesh-shim-ignore pa-duplicate: no such thing
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    pod-security.kubernetes.io/enforce: baseline
---
apiVersion: v1
kind: Pod
metadata:
  name: o'neill
  namespace: shop
  annotations:
    sidecar.istio.io/native: "it's"
spec:
  containers:
    - name: a
      image: example/a:1
      ports:
        - containerPort: 53
          protocol: UDP
---
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: old, namespace: shop}
`,
    },
    { name: 'helm.yaml', text: 'apiVersion: v1\nkind: Pod\n{{ if .x }}\na: b\n{{ end }}\n' },
    broken,
  ],
  { inputs: { native: 'true', cni: false } },
);

it('writes for people, to the letter', () => {
  expect(formatText(mixed, false)).toBe(`dir/a,b:c%.yaml
  dir/a,b:c%.yaml:1:1 warning suppression-unused
    There is no finding of pa-duplicate here to suppress.
    docs/rules/suppression-unused.md

Namespace shop  dir/a,b:c%.yaml
  dir/a,b:c%.yaml:8:5 error psa-init
    Pods of o'neill are refused: "baseline" forbids what istio-init needs.
    depends on cni false (given)
    fix: install istio-cni
      then set in mesh-shim.yaml: cni: true
    docs/rules/psa-init.md

Pod shop/o'neill  dir/a,b:c%.yaml
  dir/a,b:c%.yaml:16:5 error native-annotation-typo
    Istio ignores "sidecar.istio.io/native": the sidecar is not made native.
    fix: rename it to sidecar.istio.io/nativeSidecar
      kubectl patch pod o'neill -n shop --type=json -p '[{"op":"move","from":"/metadata/annotations/sidecar.istio.io~1native","path":"/metadata/annotations/sidecar.istio.io~1nativeSidecar"}]'
    docs/rules/native-annotation-typo.md
  dir/a,b:c%.yaml:23:11 warning udp-unguarded
    UDP port 53 of Pod o'neill is outside the mesh: no mTLS, no AuthorizationPolicy, and no NetworkPolicy guards it.
    fix: guard it with a NetworkPolicy
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: o'neill-udp
        namespace: shop
      spec:
        podSelector:
          matchLabels: {}
        policyTypes:
          - Ingress
        ingress:
          - ports:
              - protocol: TCP
                port: 1
                endPort: 65535
          - from:
              - podSelector: {}
            ports:
              - protocol: UDP
                port: 53
    docs/rules/udp-unguarded.md

PodSecurityPolicy shop/old  dir/a,b:c%.yaml
  dir/a,b:c%.yaml:26:1 error psp-dead
    The apply fails: Kubernetes has no PodSecurityPolicy any more.
    fix: remove it
      kubectl delete podsecuritypolicy.v1beta1.policy old -n shop
    docs/rules/psp-dead.md

broken.yaml:1:8 not checked: ${mixed.unread[0]?.message}
helm.yaml:1 skipped: a Helm template is not YAML yet: check its rendered output (helm template . | mesh-shim check -)
3 objects checked; 3 errors, 2 warnings, 0 info; 1 document not checked
`);
});

it('counts in the singular and the plural, and what is suppressed', () => {
  const known =
    '# mesh-shim-ignore psp-dead: known\napiVersion: policy/v1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n';
  const summary = (text: string) => formatText(checkManifests([{ name: 'a', text }]), false);
  expect(summary(known)).toBe('1 object checked; 0 errors, 0 warnings, 0 info; 1 suppressed\n');
  expect(summary('kind: [\n---\nkind: {\n')).toContain(
    '\n0 objects checked; 0 errors, 0 warnings, 0 info; 2 documents not checked\n',
  );
});

it('quotes patches for the shell', () => {
  const text =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {istio-injection: enabled, istio.io/rev: b}}\n';
  const typo = checkManifests([
    {
      name: 'a',
      text: `apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {proxy.istio.io/config: "it's: 1\\nholdApplicationUntilProxyStarts: 'true'"}}\n`,
    },
  ]);
  expect(formatText(checkManifests([{ name: 'a', text }]), false)).toContain('kubectl patch namespace a --type=json');
  expect(formatText(typo, false)).toContain(`{\\"it'\\''s\\":1,`);
});

it('escapes what GitHub reads as its own', () => {
  const lines = formatGithub(mixed).split('\n');
  expect(lines[0]).toMatch(/^::error file=broken.yaml,line=1,col=8,title=not checked::/);
  expect(lines[1]).toBe(
    '::warning file=dir/a%2Cb%3Ac%25.yaml,line=1,col=1,title=suppression-unused::There is no finding of pa-duplicate here to suppress.',
  );
  expect(lines[2]).toContain('are refused: "baseline" forbids what istio-init needs. Fix: install istio-cni.');
  expect(lines).toHaveLength(mixed.findings.length + mixed.unread.length + 1);
  const breaks = { ...mixed, findings: [], unread: [{ file: 'a', line: 1, column: 2, message: '5 %\r\nnext' }] };
  expect(formatGithub(breaks)).toBe('::error file=a,line=1,col=2,title=not checked::5 %25%0D%0Anext\n');
});

it('gives SARIF addresses that are relative, and says what was not read', () => {
  const [finding] = mixed.findings;
  const named = (file: string) =>
    JSON.parse(formatSarif({ ...mixed, findings: [{ ...finding, file } as Finding] }, '1')).runs[0];
  const uri = (file: string) => named(file).results[0].locations[0].physicalLocation.artifactLocation.uri;
  expect([uri('./a/b c.yaml'), uri('a\\b.yaml'), uri('a.yaml'), uri('x./a.yaml'), uri('a%.yaml')]).toEqual([
    ...['a/b%20c.yaml', 'a/b.yaml', 'a.yaml', 'x./a.yaml', 'a%25.yaml'],
  ]);
  const [run] = JSON.parse(formatSarif(mixed, '1')).runs;
  expect(run.results.map(({ level }: { level: string }) => level)).toEqual([
    'warning',
    'error',
    'error',
    'warning',
    'error',
  ]);
  expect(run.results[0].message.text).toBe('There is no finding of pa-duplicate here to suppress.');
  expect(run.results[1].message.text).toMatch(/ Fix: install istio-cni\.$/);
  expect(run.invocations[0].toolExecutionNotifications[0]).toEqual({
    level: 'error',
    message: { text: mixed.unread[0]?.message },
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'broken.yaml' }, region: { startLine: 1, startColumn: 8 } } },
    ],
  });
  const whole = checkManifests([{ name: 'a', text: 'apiVersion: v1\nkind: ConfigMap\n' }]);
  expect(JSON.parse(formatSarif(whole, '1')).runs[0].invocations[0].executionSuccessful).toBe(true);
  const rule = run.tool.driver.rules.find(({ id }: { id: string }) => id === 'api-old');
  expect(rule.defaultConfiguration.level).toBe('note');
});

it('a page says what a rule sees, and how to keep what it finds', () => {
  const page = (id: string) =>
    documentedRules
      .filter((rule) => rule.id === id)
      .map(ruleDescription)
      .join('');
  expect(
    page('psp-dead')
      .split('\n\n')
      .map((part) => part.split('\n')[0]),
  ).toEqual([
    '# psp-dead',
    'A PodSecurityPolicy. Severity: error.',
    '## What happens',
    expect.stringContaining('Kubernetes 1.25 removed it'),
    '## Fix',
    expect.stringContaining('Pod Security Standards'),
    'To keep it as it is, say why: `# mesh-shim-ignore psp-dead: reason`.',
  ]);
  expect(page('probe-mtls')).toContain('\n\n## Good to know\n\n`mesh-shim template health-port`');
  expect(page('suppression-unused')).not.toContain('To keep it');
});
