import { expect, it } from 'vitest';
import { type InputName, inputTable, isOlder, minorOf } from '../../../../src/check/model/inputs.ts';
import { newestIstio } from '../../../../src/check/model/istio-releases.ts';

const parse = (name: InputName, text: string) => inputTable.find((input) => input.name === name)?.parse(text);

it.each<[InputName, string, unknown]>([
  ['istio', newestIstio, newestIstio],
  ['istio', '1.15', '1.15'],
  ['istio', 'v1.27', '1.27'],
  ['istio', '1.27.3', '1.27'],
  ['istio', 'v1.27.3', '1.27'],
  ['istio', '1.14', undefined],
  ['istio', `1.${minorOf(newestIstio) + 1}`, newestIstio],
  ['istio', `1.${minorOf(newestIstio) + 21}`, undefined],
  ['istio', `v1.${minorOf(newestIstio) + 9}.1`, newestIstio],
  ['istio', '1.2', undefined],
  ['istio', '1.270', undefined],
  ['istio', 'xv1.27.3', undefined],
  ['istio', '2.27', undefined],
  ['kubernetes', '1.25', '1.25'],
  ['kubernetes', 'v1.37.0-gke.1', '1.37'],
  ['kubernetes', '1.24', undefined],
  ['kubernetes', '1.38', '1.37'],
  ['native', 'auto', 'auto'],
  ['native', 'yes', undefined],
  ['hold', 'default-config', 'default-config'],
  ['cni', 'true', true],
  ['cni', 'false', false],
  ['cni', 'yes', undefined],
  ['mtls', 'STRICT', 'STRICT'],
  ['mtls', 'strict', undefined],
  ['injection', 'auto', 'auto'],
  ['injection', 'true', true],
  ['injection', '*=true', true],
  ['injection', 'shop=true', { shop: true }],
  ['injection', 'false, shop=true', { '*': false, shop: true }],
  ['injection', 'constructor=true', { constructor: true }],
  ['injection', 'yes', undefined],
  ['injection', 'shop', undefined],
  ['injection', 'shop=', undefined],
  ['injection', 'shop=auto', undefined],
  ['injection', 'auto,shop=true', undefined],
  ['injection', 'Shop=true', undefined],
  ['injection', '', undefined],
  ['injectionTemplates', 'none', []],
  ['injectionTemplates', 'spire, my.own', ['spire', 'my.own']],
  ['injectionTemplates', 'spire,', undefined],
  ['injectionTemplates', 'a b', undefined],
  ['openshift', 'true', true],
  ['dnsCapture', 'auto-allocate', 'auto-allocate'],
  ['dnsCapture', 'yes', undefined],
  ['metricsMerge', 'false', false],
  ['drainSeconds', '45', 45],
  ['drainSeconds', '45s', 45],
  ['drainSeconds', '45m', undefined],
  ['drainSeconds', '1.5', undefined],
  ['drainSeconds', '123456', undefined],
  ['rootNamespace', 'istio-system', 'istio-system'],
  ['rootNamespace', 'a', 'a'],
  ['rootNamespace', 'a-', undefined],
  ['rootNamespace', '-a', undefined],
  ['rootNamespace', 'A', undefined],
  ['rootNamespace', `a${'b'.repeat(62)}`, `a${'b'.repeat(62)}`],
  ['rootNamespace', `a${'b'.repeat(63)}`, undefined],
])('%s reads "%s" as %j', (name, text, value) => {
  expect(parse(name, text)).toEqual(value);
});

it('has an option of its own for each input', () => {
  expect(new Set(inputTable.map(({ flag }) => flag)).size).toBe(inputTable.length);
  // An error that depends on one of these is a warning while it is only assumed.
  expect(inputTable.filter(({ varies }) => varies).map(({ name }) => name)).toEqual(['kubernetes', 'cni', 'injection']);
});

it('compares versions by number', () => {
  expect(isOlder('1.9', '1.10')).toBe(true);
  expect(isOlder('1.10', '1.10')).toBe(false);
  expect(isOlder('1.11', '1.10')).toBe(false);
});
