import { describe, expect, it } from 'vitest';
import { parseUnixUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { parseServerInfo } from '../../../../src/mesh/ask/server-info.ts';
import { type Mesh, type MeshName, meshProfiles } from '../../../../src/mesh/profiles/profiles.ts';
import { type QuitTargetOptions, quitTargetsOf } from '../../../../src/mesh/quit/quit-target.ts';

const istio = parseServerInfo('{"state":"LIVE","node":{"id":"sidecar~x"}}');
const plain = parseServerInfo('{"state":"LIVE","node":{"id":"front"}}');
const agent = 'http://localhost:15020/quitquitquit';
const envoy = 'http://localhost:15000/quitquitquit';

const textsOf = (mesh: Mesh, options: QuitTargetOptions = {}) =>
  quitTargetsOf(mesh, options).map(({ endpoints }) => endpoints.map(({ text }) => text));

describe('who is told, in this order', () => {
  const byName: Record<MeshName, string | string[]> = {
    istio: agent,
    envoy,
    linkerd: 'http://localhost:4191/shutdown',
    consul: [
      ...['http://localhost:20600/graceful_shutdown', 'http://localhost:20300/graceful_shutdown'],
      'http://localhost:19000/quitquitquit',
    ],
    kuma: 'http://localhost:9901/quitquitquit',
    dapr: 'http://localhost:3500/v1.0/shutdown',
    'cloud-sql-proxy': 'http://localhost:9091/quitquitquit',
  };

  it.each(Object.entries(byName) as [MeshName, string | string[]][])('%s: %s, whatever it has said', (mesh, url) => {
    for (const serverInfo of [undefined, istio, plain]) expect(textsOf(mesh, { serverInfo })).toEqual([[url].flat()]);
    expect(quitTargetsOf(mesh)[0]?.advice).toBe(meshProfiles[mesh].advice);
  });

  it.each([
    ['has not said what it is', undefined, [agent, envoy]],
    ['is of Istio', istio, [agent]],
    ['is not of Istio', plain, [envoy]],
  ])('auto, of a sidecar that %s', (_, serverInfo, urls) => {
    expect(textsOf('auto', { serverInfo })).toEqual([urls]);
  });

  it('Envoy where its admin is', () => {
    const adminUrl = parseUnixUrl('unix:/run/admin.sock');
    const moved = 'unix:/run/admin.sock/quitquitquit';
    expect(textsOf('envoy', { adminUrl })).toEqual([[moved]]);
    expect(textsOf('auto', { adminUrl })).toEqual([[agent, moved]]);
    expect(textsOf('auto', { adminUrl, serverInfo: istio })).toEqual([[agent]]);
    expect(quitTargetsOf('envoy', { adminUrl })[0]?.endpoints[0]).toMatchObject({
      addresses: [{ kind: 'unix', path: '/run/admin.sock' }],
      path: '/quitquitquit',
    });
  });

  it("Dapr with its token, at its port, and each of the operator's proxies", () => {
    const dapr = { DAPR_API_TOKEN: 's3cret\n', DAPR_HTTP_PORT: '3600' } as Record<string, string>;
    expect(quitTargetsOf('dapr', { read: (name) => dapr[name] })).toMatchObject([
      { endpoints: [{ text: 'http://localhost:3600/v1.0/shutdown' }], header: 'dapr-api-token: s3cret' },
    ]);
    expect(quitTargetsOf('dapr')[0]?.header).toBeUndefined();
    const urls = ['http://localhost:9091/quitquitquit', 'http://localhost:9092/quitquitquit'];
    const read = (name: string) => (name === 'CSQL_PROXY_QUIT_URLS' ? urls.join(' ') : undefined);
    expect(textsOf('cloud-sql-proxy', { read })).toEqual(urls.map((url) => [url]));
  });

  it.each([
    ['an address among them', 'http://localhost:9092/quitquitquit', 'http://localhost:9092/quitquitquit'],
    ['none', '', 'http://localhost:9091/quitquitquit'],
  ])('the Cloud SQL Auth Proxy, whatever else stands in its variable: %s', (_, address, expected) => {
    const value = `http:// http://localhost:port/ https://localhost/  x ${address}`;
    const read = (name: string) => (name === 'CSQL_PROXY_QUIT_URLS' ? value : undefined);
    expect(textsOf('cloud-sql-proxy', { read })).toEqual([[expected]]);
  });
});
