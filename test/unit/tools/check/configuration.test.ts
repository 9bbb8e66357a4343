import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputProfiles } from '../../../../src/check/model/inputs.ts';
import { newestIstio } from '../../../../src/check/model/istio-releases.ts';
import { allRules } from '../../../../src/check/rules/index.ts';
import { readConfiguration } from '../../../../src/tools/check/configuration.ts';
import { ToolError } from '../../../../src/tools/tool.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-shim-configuration-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With this mesh-shim.yaml and these options. */
const read = (file: string | undefined, options: Record<string, string> = {}) => {
  const cwd = mkdtempSync(join(folder, 'x-'));
  if (file !== undefined) writeFileSync(join(cwd, 'mesh-shim.yaml'), file);
  return readConfiguration(new Map(Object.entries(options)), cwd);
};
const ids = (rules: readonly { id: string }[]) => rules.map(({ id }) => id);

it('without a file and options: no inputs, all rules, errors fail', () => {
  expect(read(undefined)).toEqual({
    inputs: {},
    rules: allRules,
    failOn: 'error',
    exclude: [],
    podTemplates: [],
    notes: [],
  });
  for (const empty of ['', '# nothing\n', '---\n', '{}\n']) {
    expect(read(empty)).toEqual({
      inputs: {},
      rules: allRules,
      failOn: 'error',
      exclude: [],
      podTemplates: [],
      notes: [],
    });
  }
});

it('the profile, then the file, then the command line', () => {
  expect(read('profile: aks\n').inputs).toEqual(inputProfiles.aks);
  expect(read('profile: aks\nrootNamespace: mine\n').inputs).toEqual({ ...inputProfiles.aks, rootNamespace: 'mine' });
  expect(read('profile: aks\ncni: true\n', { profile: 'openshift', cni: 'false' }).inputs).toEqual({
    ...{ cni: false, openshift: true },
  });
  expect(read('rootNamespace: a\n', { 'root-namespace': 'b' }).inputs).toEqual({ rootNamespace: 'b' });
  expect(read('failOn: warning\n').failOn).toBe('warning');
  expect(read('failOn: warning\n', { 'fail-on': 'info' }).failOn).toBe('info');
});

it('a version is what is written, with quotes or without', () => {
  expect(read('kubernetes: 1.30\nistio: "1.20"\n').inputs).toEqual({ kubernetes: '1.30', istio: '1.20' });
});

it('injection is for all, or by namespace: on the command line, as a list, as a map', () => {
  const injection = (file: string | undefined, options = {}) => read(file, options).inputs.injection;
  expect(injection('injection: true\n')).toBe(true);
  expect(injection('injection: auto\n')).toBe('auto');
  expect(injection('injection: {shop: true, "*": false}\n')).toEqual({ shop: true, '*': false });
  expect(injection('injection: [shop=true, false]\n')).toEqual({ shop: true, '*': false });
  expect(injection(undefined, { injection: 'false,shop=true' })).toEqual({ shop: true, '*': false });
  expect(injection('injection: {shop: true}\n', { injection: '*=false' })).toBe(false);
});

it('a version that is newer than the known ones is the newest of them, with a word', () => {
  const newer = read('istio: 1.40\n', { kubernetes: 'v1.50.3' });
  expect(newer.inputs).toEqual({ istio: newestIstio, kubernetes: '1.37' });
  expect(newer.notes).toEqual([
    `mesh-shim.yaml: istio: Istio version 1.40 is newer than this mesh-shim knows; taken as ${newestIstio}, the newest that it knows`,
    '--kubernetes: version of the oldest kubelet v1.50.3 is newer than this mesh-shim knows; taken as 1.37, the newest that it knows',
  ]);
  expect(read('istio: 1.31.2\nkubernetes: 1.37\n').notes).toEqual([]);
});

it('rules are picked and left out, as a list or with commas', () => {
  expect(ids(read('only: [api-old, probe-host]\n').rules).toSorted()).toEqual(['api-old', 'probe-host']);
  expect(ids(read('only: api-old, probe-host\n').rules).toSorted()).toEqual(['api-old', 'probe-host']);
  expect(ids(read('only: [api-old]\n', { only: 'probe-host' }).rules)).toEqual(['probe-host']);
  expect(ids(read('only: [api-old, probe-host]\ndisable: api-old\n').rules)).toEqual(['probe-host']);
  expect(read('disable: [api-old]\n').rules).toHaveLength(allRules.length - 1);
  expect(read('disable: suppression-unused\n').rules).toEqual(allRules);
});

it.each([
  [
    '1.40',
    newestIstio,
    `--istio: Istio version 1.40 is newer than this mesh-shim knows; taken as ${newestIstio}, the newest that it knows`,
  ],
  [
    'v1.41.4',
    newestIstio,
    `--istio: Istio version v1.41.4 is newer than this mesh-shim knows; taken as ${newestIstio}, the newest that it knows`,
  ],
  ['v1.31.4-rc.1', '1.31', undefined],
  ['1.20', '1.20', undefined],
])('Istio %s is checked as %s', (text, istio, note) => {
  expect(read(undefined, { istio: text })).toMatchObject({
    inputs: { istio },
    notes: note === undefined ? [] : [note],
  });
});

it('what is left out in the file and on the command line is left out', () => {
  expect(read('exclude: [vendor/, "*.gen.yaml"]\n', { exclude: 'test,x' }).exclude).toEqual([
    ...['vendor/', '*.gen.yaml', 'test', 'x'],
  ]);
});

it('kinds can be named with the ways to their pod templates', () => {
  const file = 'podTemplates:\n  App.shop.example.com: spec.pod\n  Batch: [spec.tasks.*.template, spec.b]\n';
  expect(read(file).podTemplates).toEqual([
    { kind: 'App.shop.example.com', path: 'spec.pod' },
    { kind: 'Batch', path: 'spec.tasks.*.template' },
    { kind: 'Batch', path: 'spec.b' },
  ]);
});

it('the settings that the page of check shows are read', () => {
  const page = readFileSync('docs/check.md', 'utf8');
  const shown = [...page.matchAll(/^```yaml\n(# mesh-shim\.yaml\n.*?)^```/gms)].map(([, text = '']) => text);
  expect(shown).toHaveLength(4);
  const [injection, inputs, exclude, podTemplates] = shown.map((text) => read(text));
  expect(injection?.inputs.injection).toEqual({ '*': true, legacy: false, batch: false });
  expect(inputs?.inputs).toMatchObject({ istio: '1.31', kubernetes: '1.34', cni: true });
  expect(exclude?.exclude).toEqual(['test/fixtures/', '*.example.yaml']);
  expect(podTemplates?.podTemplates).toHaveLength(3);
});

it('another file can be named, and then it must be there', () => {
  const cwd = mkdtempSync(join(folder, 'x-'));
  writeFileSync(join(cwd, 'other.yaml'), 'cni: true\n');
  writeFileSync(join(cwd, 'mesh-shim.yaml'), 'cni: false\n');
  expect(readConfiguration(new Map([['config', 'other.yaml']]), cwd).inputs).toEqual({ cni: true });
  const missing = () => readConfiguration(new Map([['config', 'missing.yaml']]), cwd);
  expect(missing).toThrow(ToolError);
  expect(missing).toThrow('cannot read missing.yaml: no such file or directory');
  mkdirSync(join(cwd, 'folder'));
  expect(() => readConfiguration(new Map([['config', 'folder']]), cwd)).toThrow(
    'cannot read folder: illegal operation on a directory',
  );
});

describe('is refused, with where it stands', () => {
  it.each<[string | undefined, Record<string, string>, string]>([
    ['a: [\n', {}, 'cannot read mesh-shim.yaml: Flow sequence in block collection must be sufficiently indented'],
    ['- cni\n', {}, 'mesh-shim.yaml must be a mapping of settings to values, got ["cni"]'],
    ['cni\n', {}, 'mesh-shim.yaml must be a mapping of settings to values, got "cni"'],
    ['kubernets: 1.30\n', {}, 'mesh-shim.yaml: unknown setting "kubernets"; did you mean kubernetes?'],
    ['fail-on: error\n', {}, 'mesh-shim.yaml: unknown setting "fail-on"; did you mean failOn?'],
    ['constructor: 1\n', {}, 'mesh-shim.yaml: unknown setting "constructor"; use istio, kubernetes,'],
    [
      'kubernetes: 1.99\n',
      {},
      'mesh-shim.yaml: kubernetes must be 1.25 to 1.37 (version of the oldest kubelet), got "1.99"',
    ],
    [
      'podTemplates: spec\n',
      {},
      'mesh-shim.yaml: podTemplates must map kinds to the ways to their pod templates, got "spec"',
    ],
    ['podTemplates: {app: spec}\n', {}, 'podTemplates must be a kind with its API group, App.example.com, got "app"'],
    [
      'podTemplates: {App: spec..x}\n',
      {},
      'podTemplates: App must be a way such as spec.tasks.*.template, got "spec..x"',
    ],
    [
      'podTemplates: {App: [{a: b}]}\n',
      {},
      'podTemplates: App must be a way such as spec.tasks.*.template, got {"a":"b"}',
    ],
    [
      'kubernetes: 1.3\n',
      {},
      'mesh-shim.yaml: kubernetes must be 1.25 to 1.37 (version of the oldest kubelet), got "1.3"',
    ],
    ['cni: {a: b}\n', {}, 'mesh-shim.yaml: cni must be a value or a list of values, got {"a":"b"}'],
    ['only: [[api-old]]\n', {}, 'mesh-shim.yaml: only must be a value or a list of values, got [["api-old"]]'],
    ['only: [api-old, {a: b}]\n', {}, 'mesh-shim.yaml: only must be a value or a list of values, got ["api-old",{'],
    ['cni:\n', {}, 'mesh-shim.yaml: cni must be true or false (istio-cni is installed), got ""'],
    ['injection: {shop: {}}\n', {}, 'mesh-shim.yaml: injection must be a value or a list of values, got {"shop":{}}'],
    [
      'injection: {shop: yes}\n',
      {},
      'mesh-shim.yaml: injection must be auto, true, false, NAMESPACE=true or NAMESPACE',
    ],
    [
      undefined,
      { injection: 'Shop=true' },
      '--injection must be auto, true, false, NAMESPACE=true or NAMESPACE=false (wh',
    ],
    ['profile: aksx\n', {}, 'mesh-shim.yaml: profile: unknown profile "aksx"; did you mean aks?'],
    ['failOn: fatal\n', {}, 'mesh-shim.yaml: failOn: unknown severity "fatal"; use error, warning, info'],
    ['only: x\n', {}, 'unknown rule "x"; mesh-shim check --rules lists them'],
    [undefined, { cni: 'yes' }, '--cni must be true or false (istio-cni is installed), got "yes"'],
    [undefined, { profile: 'constructor' }, '--profile: unknown profile "constructor"; use istio-default,'],
    [undefined, { 'fail-on': 'erorr' }, '--fail-on: unknown severity "erorr"; did you mean error?'],
    [undefined, { disable: 'api-old,probe-hots' }, 'unknown rule "probe-hots"; did you mean probe-host?'],
  ])('%j %j', (file, options, message) => {
    expect(() => read(file, options)).toThrow(ToolError);
    expect(() => read(file, options)).toThrow(message);
  });
});
