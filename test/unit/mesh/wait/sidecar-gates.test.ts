import { describe, expect, it } from 'vitest';
import { parseHttpUrl, parseUnixUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { type Mesh, meshNames, meshProfiles, parseMeshSelection } from '../../../../src/mesh/profiles/profiles.ts';
import { createSidecarGates, type SidecarAddresses } from '../../../../src/mesh/wait/sidecar-gates.ts';

const gatesOf = (mesh: Mesh, addresses: Partial<SidecarAddresses> = {}, env: Readonly<Record<string, string>> = {}) =>
  createSidecarGates(mesh, { addresses: { ready: [], ...addresses }, proof: 'auto', read: (name) => env[name] });
const questionsOf = (...args: Parameters<typeof gatesOf>) => gatesOf(...args).map((gate) => gate.next());

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
  it.each(meshNames)('%s has a name and an address to ask', (mesh) => {
    const [gate] = gatesOf(mesh);
    expect(gate).toMatchObject({ subject: `${meshProfiles[mesh].title} sidecar`, mesh });
    expect(gate?.next().endpoint.addresses.length).toBeGreaterThan(0);
  });

  it('asks where the user says', () => {
    const admin = parseUnixUrl('unix:/run/admin.sock');
    expect(questionsOf('auto', { admin })[0]?.endpoint).toMatchObject({
      addresses: admin.addresses,
      path: '/server_info',
    });
    // Who has no admin is asked at its readiness address; each, where there are several.
    const ready = [parseHttpUrl('http://localhost:1/x'), parseHttpUrl('http://localhost:2/x')];
    expect(questionsOf('linkerd', { ready })).toEqual(ready.map((endpoint) => ({ kind: 'status', endpoint })));
  });

  it.each<[Mesh, Record<string, string>, string[]]>([
    ['dapr', {}, ['http://localhost:3500/v1.0/healthz/outbound']],
    ['dapr', { DAPR_HTTP_PORT: ' 3600 ' }, ['http://localhost:3600/v1.0/healthz/outbound']],
    ...['', 'x', '0', '65536', '1.5'].map((port): [Mesh, Record<string, string>, string[]] => [
      ...(['dapr', { DAPR_HTTP_PORT: port }] as const),
      ['http://localhost:3500/v1.0/healthz/outbound'],
    ]),
    ['cloud-sql-proxy', {}, ['http://localhost:9090/startup']],
    ['cloud-sql-proxy', { CSQL_PROXY_QUIT_URLS: '' }, ['http://localhost:9090/startup']],
    [
      'cloud-sql-proxy',
      { CSQL_PROXY_QUIT_URLS: 'http://localhost:9091/quitquitquit  http://localhost:9092/quitquitquit' },
      ['http://localhost:9801/startup', 'http://localhost:9802/startup'],
    ],
  ])('%s with %j', (mesh, env, urls) => {
    expect(questionsOf(mesh, {}, env).map(({ endpoint }) => endpoint.text)).toEqual(urls);
  });
});
