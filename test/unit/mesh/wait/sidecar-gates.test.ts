import { describe, expect, it } from 'vitest';
import { parseHttpUrl, parseUnixUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { meshProfiles } from '../../../../src/mesh/wait/profiles.ts';
import { createSidecarGate, parseMeshSelection } from '../../../../src/mesh/wait/sidecar-gates.ts';

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
      path: '/server_info',
    });
    // Who has no admin is asked at its readiness address.
    const ready = parseHttpUrl('http://localhost:1/x');
    expect(createSidecarGate('linkerd', { admin, ready }).next()).toEqual({ kind: 'status', endpoint: ready });
  });
});
