import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';

const sidecar = (name: string, namespace = '') =>
  `{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: ${name}${namespace}}, spec: {egress: [{hosts: ['*/*']}]}}\n`;
const route = (name: string, namespace = '') =>
  `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: ${name}${namespace}}, spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}}\n`;
const policy = (name: string, namespace = '') =>
  `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: ${name}${namespace}}, spec: {mtls: {mode: STRICT}}}\n`;
const entry = (name: string, protocol: string) =>
  `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: ${name}, namespace: shop}, spec: {hosts: [api.example.org], resolution: DNS, ports: [{number: 80, name: web, protocol: ${protocol}}]}}\n`;
const inShop = ', namespace: shop';

function foundIn(...texts: readonly string[]): string[] {
  const sources = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
  return checkManifests(sources).findings.map(({ rule, severity }) => `${rule} ${severity}`);
}

it.each([
  ['sidecar-twice', sidecar],
  ['vs-host-twice', route],
])('%s: two in one file are certain, in two files likely, in two files without a namespace a guess', (rule, object) => {
  expect(foundIn(`${object('a', inShop)}---\n${object('b', inShop)}`)).toEqual([`${rule} error`]);
  expect(foundIn(object('a', inShop), object('b', inShop))).toEqual([`${rule} warning`]);
  expect(foundIn(`${object('a')}---\n${object('b')}`)).toEqual([`${rule} error`]);
  expect(foundIn(object('a'), object('b'))).toEqual([`${rule} info`]);
});

it('pa-duplicate: two of one namespace are likely, in two files without a namespace a guess', () => {
  expect(foundIn(policy('a', inShop), policy('b', inShop))).toEqual(['pa-duplicate warning']);
  expect(foundIn(`${policy('a')}---\n${policy('b')}`)).toEqual(['pa-duplicate warning']);
  expect(foundIn(policy('a'), policy('b'))).toEqual(['pa-duplicate info']);
});

it('the same ServiceEntry in two files is one of the two', () => {
  expect(foundIn(entry('a', 'HTTP'), entry('a', 'GRPC'))).toEqual([]);
  expect(foundIn(entry('a', 'HTTP'), entry('b', 'GRPC'))).toEqual(['se-protocol-clash warning']);
});
