import { expect, it } from 'vitest';
import { formatBaseline, parseBaseline, withoutKnown } from '../../../../src/check/report/baseline.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import { formatText } from '../../../../src/check/report/text/format-text.ts';

const service = (name: string, ...ports: number[]) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ports:\n${ports.map((port) => `    - {port: ${port}, name: p${port}}\n`).join('')}`;
const check = (...texts: string[]) => checkManifests(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
const baselineOf = (...texts: string[]) => parseBaseline(formatBaseline(check(...texts).findings)) ?? [];
const all = ['port-undeclared'];
const left = (baseline: readonly string[], ...texts: string[]) => {
  const { findings, baseline: comparison } = withoutKnown(check(...texts), baseline, all);
  return { new: findings.map(({ fingerprint }) => fingerprint), ...comparison };
};

it('is text that people can review: sorted, a finding a line', () => {
  expect(formatBaseline(check(service('b', 22), service('a', 110, 22)).findings)).toBe(`{
  "version": 1,
  "findings": [
    "port-undeclared Service shop/a spec.ports[p110].port",
    "port-undeclared Service shop/a spec.ports[p22].port",
    "port-undeclared Service shop/b spec.ports[p22].port"
  ]
}
`);
});

it('knows findings again when files, lines and ports change places', () => {
  const before = baselineOf(service('a', 22, 110), service('b', 22));
  expect(left(before, `# a comment\n\n---\n${service('b', 22)}`, `\n\n${service('a', 110, 80, 22)}`)).toEqual({
    ...{ new: [], known: 3, gone: [] },
  });
});

it('reports what is new, and what is gone', () => {
  const before = baselineOf(service('a', 22, 110));
  expect(left(before, service('a', 22, 143))).toEqual({
    new: ['port-undeclared Service shop/a spec.ports[p143].port'],
    known: 1,
    gone: ['port-undeclared Service shop/a spec.ports[p110].port'],
  });
});

it('counts what is there twice', () => {
  const [same] = baselineOf(service('a', 22));
  expect(left([same ?? ''], service('a', 22), service('a', 22))).toEqual({ new: [same], known: 1, gone: [] });
  expect(left([same ?? '', same ?? ''], service('a', 22))).toEqual({ new: [], known: 1, gone: [same] });
});

it('calls nothing gone that was not looked for', () => {
  const result = withoutKnown(
    check(service('a', 80)),
    ['port-undeclared Service shop/a x', 'api-old Gateway shop/b y'],
    ['api-old'],
  );
  expect(result.baseline?.gone).toEqual(['api-old Gateway shop/b y']);
});

it('goes by the port where a list has no names', () => {
  const plain = (...ports: number[]) => service('a', ...ports).replaceAll(/, name: \w+/g, '');
  expect(baselineOf(plain(22))).toEqual(['port-undeclared Service shop/a spec.ports[22].port']);
  expect(left(baselineOf(plain(22)), plain(80, 22))).toMatchObject({ new: [], known: 1 });
});

it('leaves the advice out, which counts what is known as well', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n';
  const result = checkManifests([{ name: 'a', text }], { advise: true });
  expect(result.advice).toBeDefined();
  expect(withoutKnown(result, [], [])).not.toHaveProperty('advice');
});

it.each(['', '{', '[]', 'null', '{"version": 2, "findings": []}', '{"version": 1}', '{"version": 1, "findings": [1]}'])(
  'is not %j',
  (text) => expect(parseBaseline(text)).toBeUndefined(),
);

it('is told of in the summary', () => {
  const result = withoutKnown(
    check(service('a', 22)),
    [...baselineOf(service('a', 22, 110)), 'api-old x y'],
    [...all, 'api-old'],
  );
  expect(formatText(result)).toBe(
    '2 findings of the baseline are gone: --write-baseline takes them out.\n\n1 object checked; 0 errors, 0 warnings, 0 infos; 1 finding known from the baseline\n',
  );
  expect(formatText(result, { verbose: true })).toContain(
    'takes them out.\n  port-undeclared Service shop/a spec.ports[p110].port\n  api-old x y\n',
  );
});
