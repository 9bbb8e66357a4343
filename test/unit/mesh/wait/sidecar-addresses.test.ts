import { expect, test } from 'vitest';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import {
  AddressOwnerError,
  addressesBySidecar,
  type GivenAddresses,
} from '../../../../src/mesh/wait/sidecar-addresses.ts';

const at = (url: string, mesh?: Mesh) => ({ mesh, endpoint: parseHttpUrl(url) });
const given = (mesh: Mesh[], rest: Partial<GivenAddresses> = {}): GivenAddresses => ({
  ...{ mesh, adminUrl: [], readyUrl: [], proof: 'auto' },
  ...rest,
});
const texts = (mesh: Mesh[], rest: Partial<GivenAddresses> = {}) =>
  Object.fromEntries(
    [...addressesBySidecar(given(mesh, rest))].map(([name, { admin, ready }]) => [
      name,
      [admin?.text, ...ready.map(({ text }) => text)],
    ]),
  );

test('without a name it is that of the one sidecar there is', () => {
  const urls = { adminUrl: [at('http://a')], readyUrl: [at('http://r')] };
  expect(texts(['auto'], urls)).toEqual({ auto: ['http://a', 'http://r'] });
  expect(texts([], urls)).toEqual({});
  // Of several, where only one of them can be meant.
  expect(texts(['dapr', 'istio'], { adminUrl: [at('http://a')] })).toEqual({ dapr: [undefined], istio: ['http://a'] });
});

test('with a name it is that one, and the last counts', () => {
  const adminUrl = [at('http://a', 'istio'), at('http://b', 'consul'), at('http://c', 'istio')];
  expect(texts(['istio', 'consul'], { adminUrl })).toEqual({ istio: ['http://c'], consul: ['http://b'] });
  const readyUrl = [at('http://r', 'cloud-sql-proxy'), at('http://s', 'cloud-sql-proxy')];
  expect(texts(['dapr', 'cloud-sql-proxy'], { readyUrl })).toEqual({
    dapr: [undefined],
    'cloud-sql-proxy': [undefined, 'http://r', 'http://s'],
  });
});

test.each<[string, Mesh[], Partial<GivenAddresses>, string, RegExp]>([
  [
    'a stranger',
    ['dapr'],
    { readyUrl: [at('http://r', 'kuma')] },
    'readyUrl',
    /kuma is not among the sidecars that are meant: dapr is/,
  ],
  [
    'a stranger',
    ['dapr', 'istio'],
    { quitUrl: [at('http://q', 'kuma')] },
    'quitUrl',
    /kuma is not .*: dapr and istio are/,
  ],
  ['a stranger', [], { adminUrl: [at('http://q', 'kuma')] }, 'adminUrl', /kuma is not .*: none is meant/],
  ['no admin', ['dapr'], { adminUrl: [at('http://a')] }, 'adminUrl', /no effect: Dapr is no Envoy/],
  [
    'no admin',
    ['dapr', 'linkerd'],
    { adminUrl: [at('http://a')] },
    'adminUrl',
    /no effect: Dapr and Linkerd are no Envoys/,
  ],
  ['no admin', ['dapr', 'istio'], { adminUrl: [at('http://a', 'dapr')] }, 'adminUrl', /no effect: Dapr is no Envoy/],
  ['no Envoy to prove', ['dapr'], { proof: 'live' }, 'proof', /no effect: Dapr is no Envoy/],
  [
    'whose?',
    ['dapr', 'cloud-sql-proxy'],
    { readyUrl: [at('http://r')] },
    'readyUrl',
    /that of dapr or of cloud-sql-proxy\?/,
  ],
  ['whose?', ['istio', 'consul'], { adminUrl: [at('http://a')] }, 'adminUrl', /that of istio or of consul\?/],
  [
    'two for an Envoy',
    ['istio'],
    { readyUrl: [at('http://r'), at('http://s')] },
    'readyUrl',
    /Istio has one readiness address, got 2/,
  ],
])('%s: %j', (_, mesh, rest, option, message) => {
  const call = () => addressesBySidecar(given(mesh, rest));
  expect(call).toThrow(AddressOwnerError);
  expect(call).toThrow(expect.objectContaining({ option, message: expect.stringMatching(message) }));
});
