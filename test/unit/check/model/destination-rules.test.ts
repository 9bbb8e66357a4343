import { expect, it } from 'vitest';
import { indexDestinationRules } from '../../../../src/check/model/traffic/destination-rules.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';

const host = 'web.shop.svc.cluster.local';
const policy = '{tls: {mode: SIMPLE}}';
const forSome = 'workloadSelector: {matchLabels: {app: a}}';

/** `namespace/name` with the rest of its spec. */
function rule(place: string, spec: string): string {
  const [namespace, name] = place.split('/');
  return `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: ${name}, namespace: ${namespace}}, spec: {${spec}}}\n`;
}

function found(rules: readonly string[], namespace = 'shop') {
  const { objects } = loadManifests([{ name: 'a.yaml', text: rules.join('---\n') }], 'shop');
  const place = (object: { namespace: string; name: string } | undefined) =>
    object && `${object.namespace}/${object.name}`;
  return indexDestinationRules(objects, 'istio-system')
    .rulesFor(host, namespace)
    .map(({ object, rival }) => [place(object), ...(rival === undefined ? [] : [place(rival)])]);
}

const exact = rule('shop/exact', `host: ${host}`);
const wide = rule('shop/wide', 'host: "*.shop.svc.cluster.local"');

it.each<[string, readonly string[], readonly string[][]]>([
  ['the most specific host counts', [rule('shop/all', 'host: "*"'), wide, exact], [['shop/exact']]],
  [
    'a wildcard is for the names below it',
    [rule('shop/other', 'host: "*.web.shop.svc.cluster.local"'), wide],
    [['shop/wide']],
  ],
  ['a short name is completed', [rule('shop/short', 'host: web'), wide], [['shop/short']]],
  [
    'one for some clients leaves the others to the next',
    [rule('shop/some', `host: web, ${forSome}`), wide, rule('shop/all', 'host: "*"')],
    [['shop/some'], ['shop/wide']],
  ],
  [
    'each namespace has its own',
    [exact, rule('edge/wide', 'host: "*.cluster.local"'), rule('edge/all', 'host: "*"')],
    [['shop/exact'], ['edge/wide']],
  ],
  ['that of the root namespace is for who has none', [exact, rule('istio-system/all', 'host: "*"')], [['shop/exact']]],
  [
    '... and for all where the own is not exported',
    [rule('shop/own', `host: ${host}, exportTo: [.]`), rule('istio-system/all', 'host: "*"')],
    [['shop/own'], ['istio-system/all']],
  ],
  [
    '... or is for some clients',
    [rule('shop/own', `host: ${host}, ${forSome}`), rule('istio-system/all', 'host: "*"')],
    [['shop/own'], ['istio-system/all']],
  ],
])('%s', (_, rules, expected) => {
  expect(found(rules)).toEqual(expected);
});

it('rules of the root namespace are its own there', () => {
  expect(found([rule('istio-system/all', 'host: "*"')], 'istio-system')).toEqual([['istio-system/all']]);
});

it('a rival is another rule of the host that has a policy for all clients', () => {
  const withPolicy = (name: string, more = '') =>
    rule(`shop/${name}`, `host: ${host}, trafficPolicy: ${policy}${more}`);
  expect(found([withPolicy('a'), withPolicy('b')])).toEqual([
    ['shop/a', 'shop/b'],
    ['shop/b', 'shop/a'],
  ]);
  expect(found([withPolicy('a'), exact])).toEqual([['shop/a'], ['shop/exact', 'shop/a']]);
  expect(found([withPolicy('a'), withPolicy('b', `, ${forSome}`)])).toEqual([['shop/a'], ['shop/b', 'shop/a']]);
});
