import { describe, expect, it } from 'vitest';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { createLocator } from '../../../../src/check/read/position.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const load = (text: string) => loadManifests([{ name: 'a.yaml', text }], 'default');
const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
const manifest = 'apiVersion: v1\nkind: ConfigMap\n';
const levels = (count: number) => Array.from({ length: count }, (_, level) => `${' '.repeat(level)}a:\n`).join('');

describe('one bad document is named, and hides no other', () => {
  it.each([
    ['maps of maps', `${manifest}${levels(1400)}`, 'it is nested too deeply'],
    ['lists of lists', `${manifest}a: ${'['.repeat(20_000)}`, 'it is nested too deeply'],
    ['JSON of lists', `{"apiVersion": "v1", "kind": "X", "a": ${'['.repeat(9000)}${']'.repeat(9000)}}`, undefined],
    ['an anchor that holds itself', `${manifest}a: &a {b: [*a]}\n`, 'the anchor a holds itself'],
    ['an alias without an anchor', `${manifest}a: *a\n`, 'Unresolved alias'],
    ['a control character', `${manifest}a: x\u0001y\n`, 'a control character is not allowed in YAML'],
    ['a list as a key', `${manifest}? [a]\n: 1\n`, 'a map or a list cannot be a key'],
    ['no number', `${manifest}a: .inf\n`, 'a number must be finite'],
    ['more than Kubernetes takes', `${manifest}a: [${'1,'.repeat(1_600_000)}]\n`, 'it is larger than 3 MiB'],
    ['a broken bracket', `${manifest}a: [\n`, 'Flow sequence'],
  ])('%s', (_, text, message) => {
    const { objects, unread, skipped } = load(`${configMap('one')}---\n${text}\n---\n${configMap('two')}`);
    expect(objects.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(skipped).toEqual([]);
    expect(unread).toEqual([
      expect.objectContaining({ file: 'a.yaml', message: expect.stringContaining(message ?? '') }),
    ]);
    expect(unread[0]?.message).not.toContain('\n');
  });

  it('huge texts take no longer than their length', () => {
    for (const text of [
      '\n'.repeat(3_000_000),
      ' '.repeat(3_000_000),
      `a: ${'x'.repeat(3_000_000)}\n`,
      '#\n'.repeat(1e6),
    ]) {
      expect(load(text).objects).toEqual([]);
    }
  });
});

describe('what is no manifest is skipped: nobody has to mend it', () => {
  it.each([
    ['JSON lines', '{"_id":1,"kind":"x"}\n{"_id":2}\n', 'no Kubernetes object'],
    ['broken YAML of something else', 'name: [x\n', 'no Kubernetes object'],
    ['values', 'image: web\n', 'no Kubernetes object'],
    ['a kind alone', 'kind: pipeline\nname: x\n', 'no Kubernetes object'],
    ['settings with comments', '{\n  // for the editor\n  "compilerOptions": {"a": 1,}\n}\n', 'JSON with comments'],
    ['a template of Jinja', 'apiVersion: v1\nkind: Pod\n{% if x %}\nmetadata: {}\n{% endif %}\n', 'a template'],
    ['a template of Helm', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.x }}\n', 'a Helm template'],
  ])('%s', (_, text, reason) => {
    const { objects, unread, skipped } = load(text);
    expect({ objects, unread }).toEqual({ objects: [], unread: [] });
    expect(skipped).toEqual([{ file: 'a.yaml', line: 1, reason: expect.stringContaining(reason) }]);
  });

  it('but beside manifests it is meant as one', () => {
    const { objects, unread, skipped } = load(`a: [\n---\n${configMap('one')}`);
    expect({ names: objects.map(({ name }) => name), skipped }).toEqual({ names: ['one'], skipped: [] });
    expect(unread).toMatchObject([{ file: 'a.yaml', message: expect.stringContaining('Flow sequence') }]);
  });

  it('but comments in JSON that is meant for Kubernetes are told', () => {
    const { unread } = load('{\n  // mine\n  "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}\n}\n');
    expect(unread).toEqual([{ file: 'a.yaml', line: 2, column: 3, message: 'JSON takes no comments' }]);
  });
});

describe('Lists', () => {
  const item = { metadata: { name: 'web' }, spec: { selector: {}, ports: [{ port: 80 }] } };

  it('typed ones say what their items are', () => {
    const { objects } = load(JSON.stringify({ apiVersion: 'apps/v1', kind: 'DeploymentList', items: [item, item] }));
    expect(objects.map(({ apiVersion, group, kind, name }) => [apiVersion, group, kind, name])).toEqual([
      ['apps/v1', 'apps', 'Deployment', 'web'],
      ['apps/v1', 'apps', 'Deployment', 'web'],
    ]);
  });

  it('objects of JSON in a row are documents, each with its place', () => {
    const text = `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })}\n{"apiVersion": "v1",\n "kind": "Pod", "metadata": {"name": "b}"}}`;
    const { objects } = load(text);
    expect(objects.map(({ name }) => name)).toEqual(['a', 'b}']);
    const locate = createLocator();
    expect(objects.map((object) => locate(object, ['kind']))).toEqual([
      { line: 1, column: 20 },
      { line: 3, column: 2 },
    ]);
  });
});

describe('a long List', () => {
  const long = 'x'.repeat(200);
  const item = (name: string) =>
    `- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: ${name}}\n  data:\n    text: '${long}\n      goes on'\n`;
  const items = (middle: string) =>
    `apiVersion: v1\nitems:\n${Array.from({ length: 500 }, (_, index) => item(`c${index}`)).join('')}${middle}${item('last')}kind: List\n`;

  it('is read item by item: a broken one hides no other', () => {
    const { objects, unread } = load(items('- apiVersion: v1\n  kind: [\n'));
    expect(objects).toHaveLength(501);
    expect(objects.at(-1)).toMatchObject({ name: 'last', root: ['items', 501] });
    expect(unread).toMatchObject([{ file: 'a.yaml', line: 3 + 500 * 6 + 2 }]);
  });

  it('is read as a whole where its items share an anchor', () => {
    const { objects, unread } = load(items(`- &a\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: x}\n- *a\n`));
    expect({ names: objects.slice(-3).map(({ name }) => name), unread }).toEqual({
      names: ['x', 'x', 'last'],
      unread: [],
    });
  });

  it('says what its items are, where it is a typed one', () => {
    const untyped = items('')
      .replaceAll('- apiVersion: v1\n  kind: ConfigMap\n  m', '- m')
      .replace('kind: List', 'kind: ConfigMapList');
    const { objects } = load(untyped);
    expect(objects).toHaveLength(501);
    expect(objects[7]).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', name: 'c7' });
  });
});

describe('keys are found', () => {
  const locate = (text: string, path: (string | number)[], index = 0) => {
    const object = load(text).objects[index];
    if (object === undefined) throw new Error('no object');
    const { line, column } = createLocator()(object, path);
    return text.split('\n')[line - 1]?.slice(column - 1);
  };

  it.each<[string, (string | number)[], RegExp]>([
    ['an entry', ['spec', 'ports', 1, 'port'], /^"port": 81/],
    ['an item', ['spec', 'ports', 1], /^\{"name": "b/],
    ['behind brackets and quotes in text', ['spec', 'x'], /^"x"/],
    ['the last of equal keys', ['spec', 'twice', 'b'], /^"b": 4/],
    ['an escaped key', ['spec', 'a"b'], /^"a\\"b"/],
    ['as far as the path goes', ['spec', 'ports', 7, 'port'], /^"ports"/],
    ['no list', ['spec', 'x', 1], /^"x"/],
    ['nothing', [], /^\{/],
  ])('in JSON: %s', (_, path, wanted) => {
    const text = `{ "apiVersion": "v1", "kind": "Service",
      "metadata": {"name": "[{\\"}", "n": -1.5e3, "t": true},
      "spec": {"twice": {"b": 3},
        "ports": [{"name": "a", "port": 80}, {"name": "b",
          "port": 81}], "a\\"b": null, "x": {}, "twice":
          {"b": 4}}}`;
    expect(locate(text, path)).toMatch(wanted);
  });

  it('in a long JSON List, without looking through all of it for each', () => {
    const pad = 'x'.repeat(1000);
    const items = Array.from({ length: 8000 }, (_, port) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { pad, port },
    }));
    const text = JSON.stringify({ kind: 'List', items, last: 1 }, null, 1);
    const locateIn = createLocator();
    const lines = load(text).objects.map((object) => locateIn(object, ['spec', 'port']).line);
    expect(lines.slice(0, 2)).toEqual([9, 17]);
    expect(new Set(lines).size).toBe(8000);
  });

  it('in a JSON List', () => {
    const items = [1, 2, 3].map((port) => ({ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port }] } }));
    const text = JSON.stringify({ kind: 'List', items }, null, 1);
    expect(locate(text, ['spec', 'ports', 0, 'port'], 2)).toBe('"port": 3');
  });

  it.each(['', '  '])('in a long List of YAML, item by item, indented by %j', (indent) => {
    const items = Array.from({ length: 900 }, (_, port) => [
      '- apiVersion: v1',
      '  kind: Service',
      '  metadata:',
      `    name: s${port}`,
      '  # - no item',
      '  spec:',
      '    ports:',
      `    - port: ${port}`,
      '    text: |',
      '      - x',
      '',
    ]).flat();
    const text = [
      'apiVersion: v1',
      'items:',
      ...items.map((line) => (line === '' ? '' : indent + line)),
      'kind: List',
      'metadata:',
      '  x:',
      `${indent}  - y`,
      '',
    ].join('\n');
    expect(text.length).toBeGreaterThan(100_000);
    for (const index of [0, 1, 450, 899]) {
      expect(locate(text, ['spec', 'ports', 0, 'port'], index)).toBe(`port: ${index}`);
      expect(locate(text, ['metadata', 'name'], index)).toBe(`name: s${index}`);
    }
  });

  it('through aliases and merge keys, and in lines that had to be indented', () => {
    const text =
      "apiVersion: v1\nkind: X\nmetadata: {name: a}\nbase: &b\n  text: 'x\n  y'\n  port: 1\nalias: *b\nmerged:\n  <<: *b\n  own: 2\n";
    expect(locate(text, ['alias', 'port'])).toBe('port: 1');
    expect(locate(text, ['merged', 'port'])).toBe('port: 1');
    expect(locate(text, ['merged', 'own'])).toBe('own: 2');
  });

  it('the beginning of a document that only the quick reader can read', () => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${levels(1500).replaceAll(/^/gm, ' ')}`;
    const { objects, unread } = load(text);
    expect(objects.length + unread.length).toBe(1);
    expect(() => checkManifests([{ name: 'a.yaml', text }])).not.toThrow();
  });
});
