import { describe, expect, it } from 'vitest';
import { EndpointError, parseHttpUrl, parseUnixUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { meshProfiles } from '../../../../src/mesh/wait/profiles.ts';
import { createSidecarGate, createTargetGate, parseMeshSelection } from '../../../../src/mesh/wait/sidecar-gates.ts';

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

describe('what else is waited for', () => {
  it.each([
    ['http://db:80/x', 'status'],
    ['tcp://db:5432', 'connect'],
    ['unix:/run/app.sock', 'connect'],
    ['postgres://db:5432', 'protocol'],
    ['kafka://[::1]:9092', 'protocol'],
  ])('%s', (text, kind) => {
    expect(createTargetGate(text)).toMatchObject({ subject: text });
    expect(createTargetGate(text).next()).toMatchObject({ kind, endpoint: { text } });
  });

  it.each(['', 'db:5432', 'ftp://x', 'tcp:db'])('%j is no address', (text) => {
    expect(() => createTargetGate(text)).toThrow(EndpointError);
  });

  it('takes the URL that a client takes, without its secrets', () => {
    const gate = createTargetGate('postgresql://app:se%2Fcret@db/orders?sslmode=require');
    expect(gate.subject).toBe('postgresql://db');
    expect(gate.next().endpoint).toEqual({
      addresses: [{ kind: 'tcp', host: 'db', port: 5432 }],
      authority: 'db',
      path: '',
      text: 'postgresql://db',
    });
  });

  it.each([
    ['postgres://app:se/cret@db:5432', 'postgres://...: has "@" after "/", "?" or "#"; write these percent-encoded'],
    ['mongodb://u:p@a:1,b:2/x', 'mongodb://a:1,b:2: has several hosts; name each by itself'],
    ['redis://:secret@db:x', 'redis://db:x: "x" is not a port (1 to 65535)'],
    ['amqp://u:p@', 'amqp://: has no host'],
  ])('%s is refused, without its secrets', (text, message) => {
    expect(() => createTargetGate(text)).toThrow(new EndpointError(message));
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
