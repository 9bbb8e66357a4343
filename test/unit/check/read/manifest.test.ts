import { expect, it } from 'vitest';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { objectName } from '../../../../src/check/read/manifest.ts';
import { dict, int, list, text, texts, valueAt } from '../../../../src/check/read/values.ts';

const load = (yaml: string, namespace?: string) =>
  loadManifests([{ name: 'a', text: yaml, namespace }], 'default').objects.map((object) => ({
    group: object.group,
    name: objectName(object),
  }));

it('reads who an object is', () => {
  const base = 'apiVersion: apps/v1\nkind: Deployment\n';
  expect(load(`${base}metadata: {name: web, namespace: shop}\n`)).toEqual([
    { group: 'apps', name: 'Deployment shop/web' },
  ]);
  expect(load(`${base}metadata: {name: web}\n`)).toEqual([{ group: 'apps', name: 'Deployment default/web' }]);
  expect(load(`${base}metadata: {name: web}\n`, 'own')).toEqual([{ group: 'apps', name: 'Deployment own/web' }]);
  expect(load(`${base}metadata: {generateName: web-}\n`)).toEqual([{ group: 'apps', name: 'Deployment default/web-' }]);
  expect(load(base)).toEqual([{ group: 'apps', name: 'Deployment default/(no name)' }]);
  expect(load('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n')).toEqual([
    { group: '', name: 'Namespace shop' },
  ]);
});

it('takes what has no kind or version, or is no map, for no object', () => {
  for (const yaml of [
    'kind: Pod\n',
    'apiVersion: v1\n',
    '- apiVersion: v1\n  kind: Pod\n',
    'text\n',
    'kind: 1\napiVersion: v1\n',
  ])
    expect(load(yaml)).toEqual([]);
});

it('reads Lists in Lists, and what only looks like one', () => {
  const item = (name: string) => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`;
  expect(
    load(`kind: List\nitems:\n- ${item('a')}\n- kind: PodList\n  items: [${item('b')}, 5]\n`).map(({ name }) => name),
  ).toEqual(['Pod default/a', 'Pod default/b']);
  expect(load('apiVersion: v1\nkind: AllowList\nmetadata: {name: a}\nitems: x\n').map(({ name }) => name)).toEqual([
    'AllowList default/a',
  ]);
});

it('reads values of the wrong shape as absent', () => {
  const wrong = [undefined, null, 'a', 5, true, [1], { a: 1 }];
  expect(wrong.map(dict)).toEqual([{}, {}, {}, {}, {}, {}, { a: 1 }]);
  expect(wrong.map(list)).toEqual([[], [], [], [], [], [1], []]);
  expect(wrong.map(text)).toEqual([undefined, undefined, 'a', undefined, undefined, undefined, undefined]);
  expect([...wrong, 1.5].map(int)).toEqual([
    undefined,
    undefined,
    undefined,
    5,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(texts({ a: 'b', c: 1, d: null, e: true, f: '' })).toEqual({ a: 'b', f: '' });
  expect(texts({}).constructor).toBeUndefined();
});

it('finds values by their path, own ones alone', () => {
  const data = { a: [{ b: 'c' }], d: null };
  expect(valueAt(data, ['a', 0, 'b'])).toBe('c');
  expect(valueAt(data, [])).toBe(data);
  expect(valueAt(data, ['d'])).toBeNull();
  for (const path of [['a', 1, 'b'], ['a', 'b'], ['d', 'e'], ['d', 0], ['constructor'], ['a', 'length']])
    expect(valueAt(data, path)).toBeUndefined();
});
