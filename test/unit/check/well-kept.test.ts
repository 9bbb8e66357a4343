import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';

const folder = 'test/fixtures/well-kept';

it.each(readdirSync(folder))('finds nothing in %s', (name) => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const { findings, unread, objects } = checkManifests([{ name, text }], { inputs: { kubernetes: '1.34' } });
  expect({ findings, unread }).toEqual({ findings: [], unread: [] });
  expect(objects).toBeGreaterThan(5);
});

it('calls an error a warning while it rests on an input that is only assumed', () => {
  const text = readFileSync('test/fixtures/check/startup-unprotected/bad.yaml', 'utf8');
  const severity = (inputs: object) => checkManifests([{ name: 'a', text }], { inputs }).findings[0]?.severity;
  expect(severity({})).toBe('warning');
  expect(severity({ injection: true })).toBe('warning');
  expect(severity({ native: 'auto', kubernetes: '1.30' })).toBe('warning');
  expect(severity({ injection: true, native: 'auto', kubernetes: '1.30' })).toBe('error');
  expect(severity({ injection: { shop: true }, native: 'false' })).toBe('error');
  expect(severity({ injection: { other: true }, native: 'false' })).toBe('warning');
  expect(severity({ injection: true, native: 'auto', kubernetes: '1.33' })).toBeUndefined();
  expect(severity({ injection: true, native: 'auto', kubernetes: '1.33', istio: '1.26' })).toBe('error');
});

it('leaves an error where the files show that the namespace is meant for sidecars', () => {
  const text = readFileSync('test/fixtures/check/uid-1337/bad.yaml', 'utf8').replace(
    /sidecar.istio.io\/\S+: "true"/,
    'a: b',
  );
  const policy = (kind: string, namespace: string, group = 'security.istio.io') =>
    `\n---\napiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: x, namespace: ${namespace}}\n`;
  const pod = (key: string) =>
    `\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop, annotations: {${key}: "1"}}\n`;
  const severity = (more: string) =>
    checkManifests([{ name: 'a', text: text + more }], { inputs: { native: 'true' } }).findings.find(
      ({ rule }) => rule === 'uid-1337',
    )?.severity;
  expect(severity('')).toBe('warning');
  expect(severity(policy('PeerAuthentication', 'shop'))).toBe('error');
  expect(severity(policy('Sidecar', 'shop', 'networking.istio.io'))).toBe('error');
  expect(severity(policy('PeerAuthentication', 'other'))).toBe('warning');
  expect(severity(policy('Sidecar', 'shop', 'example.com'))).toBe('warning');
  expect(severity(policy('Gateway', 'shop', 'networking.istio.io'))).toBe('warning');
  expect(severity(pod('traffic.sidecar.istio.io/excludeOutboundPorts'))).toBe('error');
  expect(severity(pod('proxy.istio.io/config'))).toBe('error');
  expect(severity(pod('inject.istio.io/templates'))).toBe('error');
  // That a pod has no sidecar is the less certain for it.
  const gateway = readFileSync('test/fixtures/check/proxy-image-auto/bad.yaml', 'utf8').replace(/ # expect.*/, '');
  const ofGateway = (more: string) => checkManifests([{ name: 'a', text: gateway + more }]).findings[0]?.severity;
  expect([ofGateway(''), ofGateway(policy('PeerAuthentication', 'edge'))]).toEqual(['warning', 'warning']);
  expect(severity(pod('sidecar.istio.io'))).toBe('warning');
});
