import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { withoutKnown } from '../../../../src/check/report/baseline.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../../src/check/report/finding.ts';
import { formatGithub } from '../../../../src/check/report/github.ts';
import { formatGitlab } from '../../../../src/check/report/gitlab.ts';
import { formatJson } from '../../../../src/check/report/json.ts';
import { formatMarkdown } from '../../../../src/check/report/markdown.ts';
import { documentedRules, ruleDescription } from '../../../../src/check/report/rule-page.ts';
import { formatSarif } from '../../../../src/check/report/sarif.ts';

const source = (rule: string) => ({
  name: `a folder/${rule}.yaml`,
  text: readFileSync(`test/fixtures/check/${rule}/bad.yaml`, 'utf8'),
});
const broken = { name: 'broken.yaml', text: 'kind: [' };
const ignored = { name: 'ignored.yaml', text: `# mesh-shim-ignore api-old: soon\n${source('api-old').text}` };
const result = checkManifests(
  [source('port-undeclared'), source('udp-unguarded'), source('startup-unprotected'), ignored, broken],
  { advise: true },
);

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
  const rulesOf = ({ ruleId }: { ruleId: string }) => ruleId;
  expect(run.results.map(rulesOf)).toEqual([
    ...['port-undeclared', 'startup-unprotected', 'udp-unguarded', 'port-undeclared', 'api-old'],
  ]);
  expect(run.results.map(({ level }: { level: string }) => level)).toEqual([
    ...['error', 'warning', 'warning', 'note', 'note'],
  ]);
  expect(run.results.at(-1).suppressions).toEqual([{ kind: 'inSource', justification: 'soon' }]);
  expect(run.results[0].suppressions).toBeUndefined();
  expect(run.results[3].locations[0].physicalLocation.region).toEqual({ startLine: 25, startColumn: 7 });
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1);
  expect(run.results[3].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20folder/port-undeclared.yaml');
  expect(run.properties.census).toEqual(result.census);
  const known = JSON.parse(formatSarif(withoutKnown(result, [], []), '1.2.3'));
  expect(validate(known), JSON.stringify(validate.errors)).toBe(true);
  expect(known.runs[0].results.map(({ baselineState }: { baselineState?: string }) => baselineState)).toEqual([
    ...['new', 'new', 'new', 'new', undefined],
  ]);
});

it('gives every result of SARIF a fingerprint of its own, which stays when lines move', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true}\n';
  const old = source('api-old').text;
  const fingerprints = (...texts: string[]) => {
    const found = checkManifests(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
    const { results } = JSON.parse(formatSarif(found, '1')).runs[0];
    return results.map(({ partialFingerprints }: { partialFingerprints: object }) =>
      Object.values(partialFingerprints).join(),
    );
  };
  const [one] = fingerprints(old);
  expect(one).toMatch(/^api-old \S+ shop\/\S+ apiVersion$/);
  expect(fingerprints(`${pod}---\n${old}`)).toEqual([one]);
  expect(fingerprints(old, old)).toEqual([one, `${one} #2`]);
});

it('writes workflow commands, between the census and the summary', () => {
  const lines = formatGithub(result).trimEnd().split('\n');
  expect(lines[0]).toBe('3 workloads: 3 taken as injected (the Namespace is not in the files).');
  expect(lines.at(-1)).toMatch(/^Say --/);
  const commands = lines.filter((line) => line.startsWith('::'));
  expect(commands.length).toBe(result.findings.length + result.unread.length);
  for (const line of commands)
    expect(line).toMatch(/^::(error|warning|notice) file=[^:,]+,line=\d+,col=\d+,title=[^:]+::.+$/);
});

it('annotates one place of each kind first, since GitHub shows the first ten only', () => {
  const services = ['a', 'b', 'c'].map((name) => ({
    name: `${name}/${name}.yaml`,
    text: `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  ports:\n    - {name: ssh, port: 22}\n    - {name: pop3, port: 110}\n`,
  }));
  const failed = ['x/1.yaml', 'x/2.yaml', 'y/1.yaml'].map((name) => ({ name, text: 'kind: [' }));
  const commands = formatGithub(checkManifests([...services, ...failed]))
    .split('\n')
    .filter((line) => line.startsWith('::'))
    .map((line) => line.replace(/^::(\w+) file=([^,]+),line=(\d+).*::.*?( And .*)?$/, '$1 $2:$3$4'));
  expect(commands).toEqual([
    'error x/1.yaml:1 And 2 more like this: x (2) and y (1).',
    'error a/a.yaml:6 And 2 more like this.',
    'error a/a.yaml:7 And 2 more like this.',
    ...['error b/b.yaml:6', 'error c/c.yaml:6', 'error b/b.yaml:7', 'error c/c.yaml:7'],
  ]);
});

it('says what is assumed, where findings are shown one by one', () => {
  const assumed = 'Assumed: injection true, native auto, kubernetes unknown, hold false.';
  expect(formatGithub(result)).toContain(
    `it runs prisma migrate deploy. Proposal: make the sidecar a native one. ${assumed}\n`,
  );
  const { results } = JSON.parse(formatSarif(result, '1')).runs[0];
  expect(results[1].message.text).toMatch(/ Proposal: make the sidecar a native one\. Assumed: injection true, /);
});

it('writes the result as JSON', () => {
  const { findings, suppressed, census, advice, baseline } = JSON.parse(formatJson(result));
  expect(census).toEqual(result.census);
  expect([advice, baseline]).toEqual([result.advice, undefined]);
  expect(findings).toEqual(result.findings);
  expect(suppressed).toEqual(result.suppressed);
  expect(findings[0].fix).toEqual({
    title: 'declare http (a guess by its name)',
    certain: false,
    patches: [
      {
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' },
        type: 'json',
        patch: [
          { op: 'test', path: '/spec/ports/0/port', value: 80 },
          { op: 'add', path: '/spec/ports/0/appProtocol', value: 'http' },
        ],
      },
    ],
    replacements: [],
    deletions: [],
    manifests: [],
  });
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
    sidecar.istio.io/native: "true"
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

it('escapes what GitHub reads as its own', () => {
  const lines = formatGithub(mixed)
    .split('\n')
    .filter((line) => line.startsWith('::'));
  expect(lines[0]).toMatch(/^::error file=broken.yaml,line=1,col=8,title=not checked::/);
  expect(lines).toContain(
    '::warning file=dir/a%2Cb%3Ac%25.yaml,line=1,col=1,title=suppression-unused::There is no finding of pa-duplicate here to suppress.',
  );
  expect(lines.join()).toContain('are refused: "baseline" forbids what istio-init needs. Proposal: install istio-cni.');
  expect(lines).toHaveLength(mixed.findings.length + mixed.unread.length);
  const breaks = { ...mixed, findings: [], unread: [{ file: 'a', line: 1, column: 2, message: '5 %\r\nnext' }] };
  expect(formatGithub(breaks)).toContain('\n::error file=a,line=1,col=2,title=not checked::5 %25\\x0d\\x0anext\n');
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
  const texts = run.results.map(
    ({ level, message }: { level: string; message: { text: string } }) => `${level} ${message.text}`,
  );
  expect(texts).toEqual([
    expect.stringMatching(/^error .* Proposal: install istio-cni\.$/),
    expect.stringMatching(/^error .* Proposal: remove it\.$/),
    expect.stringMatching(/^warning .* Fix: rename it to sidecar\.istio\.io\/nativeSidecar\.$/),
    'warning There is no finding of pa-duplicate here to suppress.',
    expect.stringMatching(/^warning UDP port 53 .* Proposal: guard it with a NetworkPolicy\.$/),
  ]);
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

it("writes GitLab's Code Quality report, with what was not checked", () => {
  const report = JSON.parse(formatGitlab(result)) as Record<string, unknown>[];
  expect(report).toHaveLength(result.findings.length + result.unread.length);
  expect(report.slice(0, 2)).toEqual([
    {
      description: result.unread[0]?.message,
      check_name: 'not-checked',
      fingerprint: 'not-checked broken.yaml 1',
      severity: 'critical',
      location: { path: 'broken.yaml', lines: { begin: 1 } },
    },
    {
      description: expect.stringMatching(/^Connections to port 4222 hang: .* Fix: declare tcp\.$/),
      check_name: 'port-undeclared',
      fingerprint: expect.stringMatching(/^port-undeclared Service shop\//),
      severity: 'critical',
      location: { path: 'a folder/port-undeclared.yaml', lines: { begin: 29 } },
    },
  ]);
  const twice = [1, 2].map((name) => ({ name: `./${name}.yaml`, text: source('api-old').text }));
  const again = JSON.parse(formatGitlab(checkManifests(twice))) as {
    fingerprint: string;
    location: { path: string };
  }[];
  expect(new Set(again.map(({ fingerprint }) => fingerprint)).size).toBe(again.length);
  expect(again.map(({ location }) => location.path)).toEqual(['1.yaml', '2.yaml']);
});

it('writes a page of Markdown that no name in a manifest can break', () => {
  const page = formatMarkdown(result);
  expect(page).toMatch(/^## mesh-shim check\n\n3 workloads: 3 taken as injected/);
  expect(page).toContain('\n| severity | rule | place | what will happen |\n| --- | --- | --- | --- |\n| error |');
  expect(page).toContain('**Not checked**: ');
  expect(page.match(/^\| (error|warning|info) /gm)?.length).toBe(4);
  expect(page).toMatch(/\d+ objects checked; /);
  const name = 'a|b<img src=x>[c](d)\n## e`*_';
  const hostile = checkManifests([{ name, text: source('api-old').text }]);
  const row = formatMarkdown(hostile)
    .split('\n')
    .find((line) => line.includes(' api-old '));
  expect(row).toContain('a\\|b\\<img src=x\\>\\[c\\](d)\\\\x0a\\#\\# e\\`\\*\\_:');
  const clean = formatMarkdown(
    checkManifests([{ name: 'a.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}' }]),
  );
  expect(clean).not.toContain('| severity |');
  expect(clean).toContain('1 object checked; 0 errors');
});
