import { describe, expect, it } from 'vitest';
import { EndpointError, parseHttpUrl, parseUnixUrl } from '../../../src/mesh/endpoint.ts';
import { createSidecarGate, createTargetGate, parseMeshSelection } from '../../../src/mesh/plan.ts';
import { meshProfiles } from '../../../src/mesh/profiles.ts';

describe('the selection of meshes', () => {
  it.each([
    ['auto', ['auto']],
    ['none', []],
    ['istio', ['istio']],
    ['istio,cloud-sql-proxy', ['istio', 'cloud-sql-proxy']],
    ['linkerd, dapr', ['linkerd', 'dapr']],
  ])('%s', (text, names) => {
    expect(parseMeshSelection(text)).toEqual(names);
  });

  it.each(['', 'Istio', 'istio,', 'istio,none', 'toString', '__proto__', 'istio dapr'])('%j is none', (text) => {
    expect(parseMeshSelection(text)).toBeUndefined();
  });
});

describe('the gate of a sidecar', () => {
  it.each(Object.keys(meshProfiles) as (keyof typeof meshProfiles)[])('%s has a name and an address to ask', (mesh) => {
    const gate = createSidecarGate(mesh, {});
    expect(gate.subject).toBe(`${meshProfiles[mesh].title} sidecar`);
    expect(gate.next().endpoint.addresses.length).toBeGreaterThan(0);
  });

  it('asks where the user says', () => {
    const admin = parseUnixUrl('unix:/run/admin.sock');
    expect(createSidecarGate('auto', { admin }).next().endpoint).toMatchObject({
      addresses: admin.addresses,
      path: '/ready',
    });
    // Who has no admin is asked at its readiness address.
    const ready = parseHttpUrl('http://localhost:1/x');
    expect(createSidecarGate('linkerd', { admin, ready }).next()).toEqual({ kind: 'status', endpoint: ready });
  });
});

describe('what else is waited for', () => {
  it.each([
    ['http://db:80/x', 'status'],
    ['tcp://db:5432', 'connect'],
    ['unix:/run/app.sock', 'connect'],
  ])('%s', (text, kind) => {
    expect(createTargetGate(text)).toMatchObject({ subject: text });
    expect(createTargetGate(text).next()).toMatchObject({ kind, endpoint: { text } });
  });

  it.each(['', 'db:5432', 'ftp://x', 'tcp:db'])('%j is no address', (text) => {
    expect(() => createTargetGate(text)).toThrow(EndpointError);
  });

  it('is ready on 2xx, or when it accepts connections', () => {
    const http = createTargetGate('http://db/x');
    const reply = (status: number) => http.observe({ kind: 'reply', status, body: '' }).kind;
    expect([200, 204, 299, 199, 301, 404, 503].map(reply)).toEqual([
      'ready',
      'ready',
      'ready',
      ...Array(4).fill('not-yet'),
    ]);
    const socket = createTargetGate('unix:/run/x');
    expect(socket.observe({ kind: 'connected' }).kind).toBe('ready');
    expect(socket.observe({ kind: 'failed', failure: 'refused', detail: 'connect ENOENT', sent: false })).toMatchObject(
      { absent: true },
    );
  });
});
