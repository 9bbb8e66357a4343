import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../../src/check/fix/apply-fixes.ts';
import { FindingFix } from '../../../../src/check/fix/finding-fix.ts';
import { append, type Change, remove, removeObject, rename, set } from '../../../../src/check/fix/fix.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import type { KubeObject } from '../../../../src/check/read/manifest.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import { allRules } from '../../../../src/check/rules/index.ts';

const configMap = (name: string, data = 'a: 1\n  b: 2\n  c: [1, 2, 3]') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;

function apply(text: string, changesOf: (...objects: readonly KubeObject[]) => readonly Change[]): string {
  const { objects } = loadManifests([{ name: 'a.yaml', text }], 'default');
  const fix = new FindingFix({ title: 'x', certain: true, changes: changesOf(...objects) });
  const { changed } = applyFixes([{ fix }]);
  return changed[0]?.text ?? 'unchanged';
}

describe('applyFixes', () => {
  it('changes each document where it stands, and nothing between them', () => {
    const text = `# head\n---\n${configMap('one')}# between\n---\n# of two\n${configMap('two')}---\n${configMap('three')}`;
    const edited = apply(text, (one, two, three) => [
      set(three as KubeObject, ['data', 'a'], 30),
      set(one as KubeObject, ['data', 'a'], 10_000),
      remove(two as KubeObject, ['data', 'b']),
    ]);
    const [head = '', first = '', second = '', third = ''] = text.split('---\n');
    expect(edited.split('---\n')).toEqual([
      head,
      first.replace('a: 1', 'a: 10000'),
      second.replace('  b: 2\n', ''),
      third.replace('a: 1', 'a: 30'),
    ]);
  });

  it('removes documents, and items of Lists from the end', () => {
    const text = `${configMap('one')}---\n${configMap('two')}---\n${configMap('three')}`;
    expect(apply(text, (_, two) => [removeObject(two as KubeObject)])).toBe(
      `${configMap('one')}---\n${configMap('three')}`,
    );
    const items = ['one', 'two', 'three'].map(
      (name) => `- {apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n`,
    );
    const list = `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
    const first = (...objects: readonly KubeObject[]) => objects.slice(0, 2).map(removeObject);
    expect(apply(list, first)).toBe(`apiVersion: v1\nkind: List\nitems:\n${items[2]}`);
    expect(apply(list, (one, two) => [removeObject(two as KubeObject), removeObject(one as KubeObject)])).toBe(
      apply(list, first),
    );
  });

  it('removes from the end, after all else', () => {
    const text = configMap('one', 'list:\n  - a\n  - b\n  - c\n  - d');
    const edited = apply(text, (one) => [
      remove(one as KubeObject, ['data', 'list', 0]),
      remove(one as KubeObject, ['data', 'list', 2]),
      set(one as KubeObject, ['data', 'list', 3], 'e'),
    ]);
    expect(edited).toBe(configMap('one', 'list:\n  - b\n  - e'));
  });

  it('of two changes of one key takes the first, of two equal items one', () => {
    const text = configMap('one', 'list:\n  - a\n  b: 2');
    const edited = apply(text, (one) => [
      set(one as KubeObject, ['data', 'b'], 3),
      set(one as KubeObject, ['data', 'b'], 4),
      append(one as KubeObject, ['data', 'list'], { x: 1 }),
      append(one as KubeObject, ['data', 'list'], { x: 1 }),
      append(one as KubeObject, ['data', 'list'], { x: 2 }),
      rename(one as KubeObject, ['data', 'b'], 'c'),
    ]);
    expect(edited).toBe(configMap('one', 'list:\n  - a\n  - x: 1\n  - x: 2\n  c: 3'));
    const twice = apply(text, (one) => [
      removeObject(one as KubeObject),
      removeObject(one as KubeObject),
      set(one as KubeObject, ['data', 'b'], 3),
    ]);
    expect(twice).toBe('');
  });

  it('leaves out sources that do not change, and findings without a fix', () => {
    expect(apply(configMap('one'), (one) => [remove(one as KubeObject, ['data', 'missing'])])).toBe('unchanged');
    expect(applyFixes([{}])).toEqual({ changed: [], created: [], refused: [] });
  });

  it('takes findings of several checks of one source', () => {
    const source = {
      name: 'a.yaml',
      text: 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: 22\n---\napiVersion: policy/v1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n',
    };
    const only = (id: string) =>
      checkManifests([source], { rules: allRules.filter((rule) => rule.id === id) }).findings;
    const { changed } = applyFixes([...only('port-undeclared'), ...only('psp-dead'), ...only('port-undeclared')]);
    expect(changed).toEqual([
      { ...source, text: source.text.replace('22\n', '22\n    appProtocol: tcp\n').split('---\n')[0] },
    ]);
  });

  it('removes deep places before those above and before them', () => {
    const text = configMap('one', 'list:\n  - - a\n    - b\n  - - c\n    - d');
    const places = [
      [0, 1],
      [1, 0],
      [0, 0],
      [1, 1],
    ];
    const edited = apply(text, (one) => places.map((place) => remove(one as KubeObject, ['data', 'list', ...place])));
    expect(edited).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata: {}\n');
    const nested = apply(text, (one) => [
      remove(one as KubeObject, ['data', 'list', 0]),
      remove(one as KubeObject, ['data', 'list', 0, 1]),
    ]);
    expect(nested).toBe(configMap('one', 'list:\n  - - c\n    - d'));
    const kinds = apply(configMap('one', 'a: 1\n  b: 2'), (one) => [
      set(one as KubeObject, ['data', 'a'], 5),
      remove(one as KubeObject, ['data', 'a']),
    ]);
    expect(kinds).toBe(configMap('one', 'b: 2'));
  });

  it('describes each object of a fix with its own patches', () => {
    const { objects } = loadManifests([{ name: 'a', text: `${configMap('one')}---\n${configMap('two')}` }], 'shop');
    const [one, two] = objects as [KubeObject, KubeObject];
    const fix = new FindingFix({
      title: 'x',
      certain: true,
      changes: [set(one, ['data', 'a'], 2), removeObject(two), remove(one, ['data', 'b'])],
      inputs: { cni: true },
    });
    const identity = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' };
    expect(JSON.parse(JSON.stringify(fix))).toEqual({
      title: 'x',
      certain: true,
      patches: [{ object: { ...identity, name: 'one' }, type: 'merge', patch: { data: { a: 2, b: null } } }],
      replacements: [],
      deletions: [{ ...identity, name: 'two' }],
      manifests: [],
      inputs: { cni: true },
    });
    expect(Object.keys(new FindingFix({ title: 'x', certain: true, changes: [] }))).toEqual([
      'title',
      'certain',
      'patches',
      'replacements',
      'deletions',
      'manifests',
    ]);
  });

  it('gives new objects file names of what they are, each once', () => {
    const policy = {
      apiVersion: 'a/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web-udp', namespace: 'shop' },
      spec: {},
    };
    const fix = new FindingFix({
      title: 'x',
      certain: false,
      changes: [],
      creates: [policy, policy, { kind: 'Namespace', metadata: { name: 'a' } }],
    });
    expect(applyFixes([{ fix }]).created).toEqual([
      {
        fileName: 'networkpolicy-shop-web-udp.yaml',
        text: 'apiVersion: a/v1\nkind: NetworkPolicy\nmetadata:\n  name: web-udp\n  namespace: shop\nspec: {}\n',
      },
      { fileName: 'namespace-a.yaml', text: 'kind: Namespace\nmetadata:\n  name: a\n' },
    ]);
  });

  it('leaves out a fix that would change more than it says, and makes the others', () => {
    const text = `${configMap('one', 'a: &a {x: 1}\n  b: *a\n  c: 3')}---\n${configMap('two')}`;
    const { objects } = loadManifests([{ name: 'a.yaml', text }], 'default');
    const [one, two] = objects as [KubeObject, KubeObject];
    const fix = (title: string, ...changes: Change[]) => ({ fix: new FindingFix({ title, certain: true, changes }) });
    const result = applyFixes([
      fix('first', set(one, ['data', 'c'], 4)),
      fix('shared', set(two, ['data', 'b'], 5), set(one, ['data', 'b', 'x'], 2)),
      fix('last', set(two, ['data', 'a'], 6)),
    ]);
    expect(result.refused).toEqual([
      {
        title: 'shared',
        file: 'a.yaml',
        reason: 'something else would change with it, by an alias or a merge key: write out what is shared',
      },
    ]);
    expect(result.changed[0]?.text).toBe(text.replace('c: 3', 'c: 4').replace('a: 1', 'a: 6'));
    const both = applyFixes([fix('both', set(one, ['data', 'a', 'x'], 2), set(one, ['data', 'b', 'x'], 2))]);
    expect(both.changed[0]?.text).toBe(text.replace('x: 1', 'x: 2'));
  });

  it('refuses a copy of a finding by name', () => {
    const [finding] = checkManifests([
      { name: 'a', text: 'apiVersion: policy/v1\nkind: PodSecurityPolicy\n' },
    ]).findings;
    const copy = JSON.parse(JSON.stringify(finding));
    expect(copy).toEqual(finding);
    expect(() => applyFixes([copy])).toThrow(
      /takes findings as checkManifests returned them; the fix .*"remove it".* is a copy/,
    );
    expect(applyFixes([{ ...finding } as typeof copy]).changed).toEqual([{ name: 'a', text: '' }]);
  });
});
