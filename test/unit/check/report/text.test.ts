import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import type { CheckOptions } from '../../../../src/check/report/check-result.ts';
import { formatGithub } from '../../../../src/check/report/github.ts';
import { formatText } from '../../../../src/check/report/text/format-text.ts';
import type { TextOptions } from '../../../../src/check/report/text/text-options.ts';

const sources = [
  {
    name: 'dir/a.yaml',
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
  { name: 'broken.yaml', text: 'kind: [' },
];
const mixed = checkManifests(sources, { inputs: { native: 'true', cni: false } });

it('says who is in the mesh, then each rule with its places, then what was not checked, then a summary', () => {
  expect(formatText(mixed, { showFixes: false })).toBe(`1 workload: 1 with a sidecar (label on the namespace).

error psa-init (1 place)
  Pods of o'neill are refused: "baseline" forbids what istio-init needs.
    dir/a.yaml:8:5  Namespace shop
  Proposal, to be looked at first: install istio-cni.

error psp-dead (1 place)
  The apply fails: Kubernetes has no PodSecurityPolicy any more.
    dir/a.yaml:26:1  PodSecurityPolicy shop/old
  Proposal, to be looked at first: remove it.

warning native-annotation-typo (1 place)
  Istio ignores "sidecar.istio.io/native": the sidecar is not made native.
    dir/a.yaml:16:5  Pod shop/o'neill
  Fix, written by --fix: rename it to sidecar.istio.io/nativeSidecar.

warning suppression-unused (1 place)
  There is no finding of pa-duplicate here to suppress.
    dir/a.yaml:1:1

warning udp-unguarded (1 place)
  UDP port 53 is outside the mesh: no mTLS, no AuthorizationPolicy, and no NetworkPolicy guards it.
    dir/a.yaml:23:11  Pod shop/o'neill
  Proposal, to be looked at first: guard it with a NetworkPolicy.

broken.yaml:1:8 not checked: ${mixed.unread[0]?.message}
helm.yaml:1 skipped: a Helm template is not YAML yet: check its rendered output (helm template . | mesh-shim check -)

rule                      errors  warnings     infos
psa-init                       1         .         .
psp-dead                       1         .         .
native-annotation-typo         .         1         .
suppression-unused             .         1         .
udp-unguarded                  .         1         .

3 objects checked; 2 errors, 3 warnings, 0 infos; 1 document not checked
1 fix certain (--fix writes it), 3 proposals to be looked at first; --show-fixes prints them, with --verbose all; --explain RULE says more of a rule.
`);
});

it('shows fixes in full where there are few findings, or where it is asked to', () => {
  const short = (options: TextOptions) => formatText({ ...mixed, findings: mixed.findings.slice(0, 3) }, options);
  expect(short({})).toContain(`    dir/a.yaml:16:5  Pod shop/o'neill
      fix: rename it to sidecar.istio.io/nativeSidecar
        The sidecar is injected when a pod is created: a change of one that exists does nothing. Change the file, then delete the object and apply the file:
        kubectl delete pod 'o'\\''neill' -n shop
`);
  expect(short({})).toContain('      proposal: install istio-cni\n        then set in mesh-shim.yaml: cni: true\n');
  expect(short({ showFixes: false })).not.toContain('kubectl');
  const many = { ...mixed, findings: [...mixed.findings, ...mixed.findings] };
  expect(formatText(many)).not.toContain('kubectl');
  const shown = formatText(many, { showFixes: true });
  expect(shown).toContain('kubectl delete podsecuritypolicy.v1beta1.policy old -n shop\n');
  expect(shown).toContain("        kind: NetworkPolicy\n        metadata:\n          name: o'neill-udp\n");
  expect(shown).not.toContain('Proposal, to be');
});

describe('many places', () => {
  const service = (name: string, ports: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ports:\n${ports}`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const print = (texts: string[], options?: TextOptions) =>
    formatText(checkManifests(texts.map((text, index) => ({ name: `${names[index]}.yaml`, text }))), {
      showFixes: false,
      ...options,
    });
  const hangs = (name: string) => service(name, '    - port: 22\n      name: ssh\n');

  it('of one kind are folded, unless few would be left out', () => {
    const six = print(names.slice(0, 5).map(hangs));
    expect(six.match(/\.yaml:6:7/g)).toHaveLength(5);
    expect(six).not.toContain('more like this');
    const seven = print(names.slice(0, 6).map(hangs));
    expect(seven.match(/\.yaml:6:7/g)).toHaveLength(3);
    expect(seven).toContain('    c.yaml:6:7  Service shop/c\n    and 3 more like this\n');
    expect(seven).toContain('error port-undeclared (6 places)\n  Connections to port 22 hang: SSH');
    expect(print(names.map(hangs), { verbose: true }).match(/\.yaml:6:7/g)).toHaveLength(7);
  });

  it('of one object stand on one line', () => {
    const text = print([service('web', '    - port: 22\n    - port: 22\n      name: x\n')]);
    expect(text).toContain('\n    a.yaml:6:7, :7:7  Service shop/web\n');
  });

  it('that say different things each say it, below what the rule sees', () => {
    const text = print(
      ['21', '143', '110'].map((port, index) =>
        service(names[index] ?? '', `    - port: ${port}\n      name: ${['ftp', 'imap', 'pop3'][index]}\n`),
      ),
    );
    expect(text).toContain('error port-undeclared (3 places)\n  A Service port without a declared protocol.\n');
    expect(text).toContain('\n  Connections to port 21 hang: FTP');
    expect(text).toContain('\n    c.yaml:6:7  Service shop/c\n');
    const pods = names.slice(0, 2).map(
      (name) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, annotations: {proxy.istio.io/config: "[${name}]", sidecar.istio.io/native: "x"}}
spec: {containers: [{name: x, image: x, readinessProbe: {httpGet: {port: 80, host: ${name}.example.com}}}]}
`,
    );
    expect(print(pods)).toContain('hold-value (2 places)\n  No pod is created: it is not a map of settings.\n');
    const probes = pods.map((pod) => pod.replace(/annotations: \{.*\}\}/, 'x: y}'));
    expect(print(probes)).toContain(`probe-host (2 places)
  httpGet.host in a probe that Istio rewrites.
  The rewritten readinessProbe calls a.example.com:15020, where nobody listens.
    a.yaml:4:78  Pod shop/a
  The rewritten readinessProbe calls b.example.com:15020, where nobody listens.
    b.yaml:4:78  Pod shop/b
`);
  });

  it('differ in numbers only: each has its own message', () => {
    const pod = (name: string, port: number) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {containers: [{name: x, image: x, ports: [{containerPort: ${port}}]}]}\n`;
    expect(print([pod('a', 15021), pod('b', 15001), pod('c', 15001)])).toContain('reserved-port (3 places)\n');
    const udp = (port: number) => pod('a', port).replace(`: ${port}`, `: ${port}, protocol: UDP`);
    expect(print([udp(53), udp(54).replaceAll('name: a', 'name: b')])).toContain(`udp-unguarded (2 places)
  A UDP port in the mesh that no NetworkPolicy guards.
    a.yaml:4:69  Pod shop/a
      UDP port 53 is outside the mesh: no mTLS, no AuthorizationPolicy, and no NetworkPolicy guards it.
    b.yaml:4:69  Pod shop/b
      UDP port 54 is outside the mesh: no mTLS, no AuthorizationPolicy, and no NetworkPolicy guards it.
`);
  });

  it('of many kinds are folded by kind', () => {
    const [first] = checkManifests([{ name: 'a', text: hangs('a') }]).findings;
    const findings = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].flatMap((message) =>
      first === undefined ? [] : [{ ...first, message: `It ${message}.` }],
    );
    const shown = (count: number, options: TextOptions = {}) =>
      formatText({ ...checkManifests([]), findings: findings.slice(0, count) }, { showFixes: false, ...options });
    expect(shown(6).match(/^ {2}It /gm)).toHaveLength(6);
    expect(shown(7).match(/^ {2}It /gm)).toHaveLength(4);
    expect(shown(7)).toContain('    and 3 more of this rule\n');
    expect(shown(7, { verbose: true }).match(/^ {2}It /gm)).toHaveLength(7);
  });

  it('have their fixes told by title, the most frequent first', () => {
    const name = (port: number) =>
      service('web', `    - {port: ${port}}\n`).replace('  ports:', '  selector: {app: x}\n  ports:');
    const scope = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n';
    const text = print([name(9999), name(8080), name(8000), name(443), scope]);
    expect(text).toContain(
      '  Proposal, to be looked at first: declare http (a guess by its number) (2); declare tcp (a guess: nothing tells) (1); declare https (a guess by its number) (1).\n',
    );
  });

  it('are counted in a table from three rules on', () => {
    const pod = (uid: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: x, annotations: {sidecar.istio.io/native: "x"}}\nspec: {${uid}containers: [{name: x, image: x}]}\n`;
    expect(print([pod('')])).toContain('startup-unprotected');
    expect(print([pod('')])).not.toContain('warnings     infos');
    expect(print([pod('securityContext: {runAsUser: 1337}, ')])).toContain('warnings     infos');
  });

  it('say what nobody has said, and of how many it holds', () => {
    const labelled = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: in, labels: {istio-injection: enabled}}\n';
    const pod = (namespace: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: ${namespace}}\nspec: {securityContext: {runAsUser: 1337}, containers: []}\n`;
    expect(print([pod('in'), labelled])).toContain('\n  Assumed: openshift false.\n');
    expect(print([pod('out')])).toContain('\n  Assumed: injection true, openshift false.\n');
    const udp = (namespace: string) =>
      pod(namespace).replace('containers: []', 'containers: [{ports: [{containerPort: 53, protocol: UDP}]}]');
    const two = print([`${udp('in')}---\n${udp('out')}`, labelled]);
    expect(two).toMatch(/warning udp-unguarded \(2 places\)\n(.*\n){3} {2}Assumed: injection true \(1 of them\)\.\n/);
  });
});

describe('at a terminal', () => {
  it('no line is wider, but for what cannot be broken', () => {
    const many = { ...mixed, findings: mixed.findings };
    for (const width of [60, 80, 120]) {
      const lines = formatText(many, { width, showFixes: true }).split('\n');
      const wide = lines.filter((line) => line.length > width && line.trimStart().includes(' '));
      expect(wide.filter((line) => !/^ *("path"|"from"|kubectl delete|rule |[\w-]+ {2,}[.\d])/.test(line))).toEqual([]);
    }
  });

  it.each([40, 60, 80, 500])('%i wide: a shell takes every patch as it is shown', (width) => {
    const text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: o'neill, namespace: shop, annotations: {}}\nspec: {selector: {a: b}, ports: [{port: 22}]}\n";
    const { findings, ...rest } = checkManifests([{ name: 'a', text }]);
    expect(findings).toHaveLength(1);
    const shown = formatText({ ...rest, findings }, { width, showFixes: true });
    const command = /^ +kubectl patch [\s\S]*?\]'$/m.exec(shown)?.[0] ?? '';
    const script = `kubectl() { printf '%s\\0' "$@"; }\n${command}`;
    const args = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
    expect(args.slice(0, -2)).toEqual(['patch', 'service', "o'neill", '-n', 'shop', '--type=json', '-p']);
    expect(JSON.parse(args.at(-2) ?? '')).toEqual(findings[0]?.fix?.patches[0]?.patch);
  });

  it('and quotes in a patch are quoted for the shell', () => {
    const template = `{metadata: {annotations: {proxy.istio.io/config: "it's: 1\\nholdApplicationUntilProxyStarts: 'true'"}}, spec: {containers: [{name: a, image: a}]}}`;
    const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {}, template: ${template}}\n`;
    expect(formatText(checkManifests([{ name: 'a', text }]))).toContain(`{\\"it'\\''s\\":1,`);
  });

  it('is in colour where asked', () => {
    expect(formatText(mixed).includes('\u001b')).toBe(false);
    expect(formatText(mixed, { colour: true })).toContain('\u001b[31merror\u001b[39m \u001b[1mpsp-dead\u001b[22m');
  });
});

describe('the census', () => {
  const pod = (name: string, namespace: string, labels = '{}') =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}\n`;
  const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
  const head = (texts: string[], options: CheckOptions = {}, look: TextOptions = {}) =>
    formatText(checkManifests([{ name: 'a', text: texts.join('---\n') }], { rules: [], ...options }), look).split(
      '\n\n',
    )[0];

  it('says what to do where the files leave it open', () => {
    expect(head([pod('a', 'shop'), pod('b', 'shop'), namespace('shop')])).toBe(
      '2 workloads: 2 outside the mesh (the Namespace has no injection label).\n' +
        'Namespace shop has no injection label in the files: taken to be outside the mesh. If it is labelled in the cluster, say --injection shop=true.',
    );
    expect(head([pod('a', 'shop')])).toBe(
      '1 workload: 1 taken as injected (the Namespace is not in the files).\n' +
        'Not in the files: Namespace shop. Say --injection true if its pods get sidecars, else false, or NAMESPACE=false for some.',
    );
    const both = head(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].flatMap((name) => [
        pod('x', name),
        pod('x', `no-${name}`),
        namespace(`no-${name}`),
      ]),
    );
    expect(both).toContain('Namespaces no-a, no-b, no-c, no-d, no-e and 2 others have no injection label');
    expect(both).toContain(
      'Not in the files: Namespaces a, b, c, d, e and 2 others. Say --injection true if their pods',
    );
    expect(head([pod('a', 'shop')], { inputs: { injection: true } })).toBe(
      '1 workload: 1 with a sidecar (by --injection).',
    );
  });

  it('tells reasons apart, and namespaces where asked', () => {
    const texts = [
      pod('a', 'shop'),
      pod('b', 'shop', '{istio.io/rev: x}'),
      pod('c', 'x', '{sidecar.istio.io/inject: "false"}'),
    ];
    const inputs = { injection: { shop: true } };
    expect(head(texts, { inputs })).toBe(
      '3 workloads: 2 with a sidecar (label on the pod 1, by --injection 1), 1 opted out.',
    );
    expect(head(texts, { inputs }, { verbose: true })).toBe(
      '3 workloads: 2 with a sidecar (label on the pod 1, by --injection 1), 1 opted out.\n' +
        '  shop: 2 with a sidecar (label on the pod 1, by --injection 1)\n  x: 1 opted out',
    );
  });

  it('is left out where there is no workload', () => {
    expect(head([namespace('shop')])).toBe('1 object checked; 0 errors, 0 warnings, 0 infos\n');
  });
});

it('folds what was not checked by folder, where there is much of it', () => {
  const place = (file: string, line = 1) => ({ file, line, column: 2, message: `bad "${file}" at ${line}` });
  const print = (unread: ReturnType<typeof place>[], options: TextOptions = {}) =>
    formatText({ ...checkManifests([]), unread }, options).split('\n\n')[0];
  const three = [place('a/x.yaml'), place('a/y.yaml'), place('z.yaml', 3)];
  expect(print(three)).toBe(
    'a/x.yaml:1:2 not checked: bad "a/x.yaml" at 1\na/y.yaml:1:2 not checked: bad "a/y.yaml" at 1\nz.yaml:3:2 not checked: bad "z.yaml" at 3',
  );
  const four = [...three, place('b/c/w.yaml')];
  expect(print(four)).toBe('4 places not checked, in a (2), . (1) and b/c (1): bad "a/x.yaml" at 1');
  expect(print(four, { verbose: true })?.split('\n')).toHaveLength(4);
  const deep = ['1', '2', '3', '4'].map((name) => place(`top/${name}/x.yaml`));
  expect(print(deep)).toBe('4 places not checked, in top (4): bad "top/1/x.yaml" at 1');
  const wide = ['1', '2', '3', '4'].map((name) => place(`${name}/x.yaml`));
  expect(print(wide)).toContain('in 1 (1), 2 (1), 3 (1) and 4 (1): ');
  const other = { file: 'q.yaml', line: 1, column: 1, message: 'something else' };
  expect(print([...four, other])?.split('\n')).toHaveLength(2);
});

it('counts in the singular and the plural, and what is suppressed', () => {
  const known =
    '# mesh-shim-ignore psp-dead: known\napiVersion: policy/v1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n';
  const summary = (text: string) => formatText(checkManifests([{ name: 'a', text }]));
  expect(summary(known)).toBe('1 object checked; 0 errors, 0 warnings, 0 infos; 1 suppressed\n');
  expect(summary('kind: [\n---\nkind: {\n')).toContain(
    '\n0 objects checked; 0 errors, 0 warnings, 0 infos; 2 documents not checked\n',
  );
});

it('ends with what would settle most', () => {
  const text = readFileSync('test/fixtures/check/startup-unprotected/bad.yaml', 'utf8');
  const lastLine = (options: CheckOptions) =>
    formatText(checkManifests([{ name: 'a', text }], { advise: true, ...options }))
      .trimEnd()
      .split('\n')
      .at(-1);
  expect(lastLine({})).toBe(
    'Say --kubernetes 1.34 (if that is your oldest kubelet), and 1 of 1 finding is settled (gone).',
  );
  expect(lastLine({ inputs: { native: 'false' } })).toBe(
    'Say --injection true (if all those namespaces get sidecars), and 1 of 1 finding is settled (certain).',
  );
  expect(lastLine({ inputs: { native: 'false', injection: true } })).toMatch(/^1 fix|^1 proposal/);
});

describe("what stands in somebody's file", () => {
  const evil = 'a\u001b[2J\n::error::x\u202eb$(touch pwned)';
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      name: evil,
      namespace: evil,
      annotations: { 'sidecar.istio.io/native': evil, [`sidecar.istio.io/${evil}`]: '1' },
    },
    spec: {
      securityContext: { runAsUser: 1337 },
      containers: [{ name: evil, image: evil }],
      initContainers: [{ name: evil }],
    },
  };
  const old = { apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy', metadata: { name: evil, namespace: evil } };
  const result = checkManifests([
    { name: evil, text: [pod, old].map((object) => JSON.stringify(object)).join('\n---\n') },
    { name: `${evil}2`, text: 'kind: [' },
  ]);

  it('steers no terminal and ends no line', () => {
    expect(result.findings.length).toBeGreaterThan(4);
    for (const options of [{ showFixes: true, verbose: true }, { width: 60 }, { colour: false, showFixes: false }]) {
      const text = formatText(result, options);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(text).not.toMatch(/^::error::x/m);
      expect(text).toContain('a\\x1b[2J');
    }
    expect(formatGithub(result)).not.toMatch(/^::error::x/m);
    expect(formatGithub(result)).not.toContain('\u001b');
  });

  it('is no command of its own for the shell', () => {
    const text = formatText(result, { showFixes: true, verbose: true });
    expect(text).toContain("kubectl delete podsecuritypolicy.v1beta1.policy 'a\\x1b[2J");
    for (const [command] of text.matchAll(/^ +kubectl .*$/gm)) {
      const script = `kubectl() { printf '%s\\0' "$@"; }; touch() { printf EVIL; }\n${command}`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).not.toContain('EVIL');
    }
  });
});
