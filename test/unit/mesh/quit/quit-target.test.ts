import { describe, expect, it } from 'vitest';
import { parseUnixUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { parseServerInfo } from '../../../../src/mesh/ask/server-info.ts';
import { quitTargetOf } from '../../../../src/mesh/quit/quit-target.ts';
import { type MeshName, meshProfiles } from '../../../../src/mesh/wait/profiles.ts';

const istio = parseServerInfo('{"state":"LIVE","node":{"id":"sidecar~x"}}');
const plain = parseServerInfo('{"state":"LIVE","node":{"id":"front"}}');
const agent = 'http://localhost:15020/quitquitquit';
const envoy = 'http://localhost:15000/quitquitquit';

const textsOf = (...args: Parameters<typeof quitTargetOf>) => quitTargetOf(...args).endpoints.map(({ text }) => text);

describe('who is told, in this order', () => {
  const byName: Record<MeshName, string> = {
    istio: agent,
    envoy,
    linkerd: 'http://localhost:4191/shutdown',
    consul: 'http://localhost:20600/graceful_shutdown',
    kuma: 'http://localhost:9901/quitquitquit',
    dapr: 'http://localhost:3500/v1.0/shutdown',
    'cloud-sql-proxy': 'http://localhost:9091/quitquitquit',
  };

  it.each(Object.entries(byName) as [MeshName, string][])('%s: %s, whatever it has said', (mesh, url) => {
    for (const info of [undefined, istio, plain]) expect(textsOf(mesh, undefined, info)).toEqual([url]);
    expect(quitTargetOf(mesh).notFound).toBe((meshProfiles[mesh] as { quitNotFound?: string }).quitNotFound);
  });

  it.each([
    ['has not said what it is', undefined, [agent, envoy]],
    ['is of Istio', istio, [agent]],
    ['is not of Istio', plain, [envoy]],
  ])('auto, of a sidecar that %s', (_, info, urls) => {
    expect(textsOf('auto', undefined, info)).toEqual(urls);
    expect(quitTargetOf('auto', undefined, info).notFound).toBeUndefined();
  });

  it('Envoy where its admin is', () => {
    const admin = parseUnixUrl('unix:/run/admin.sock');
    const moved = 'unix:/run/admin.sock/quitquitquit';
    expect(textsOf('envoy', admin)).toEqual([moved]);
    expect(textsOf('auto', admin)).toEqual([agent, moved]);
    expect(textsOf('auto', admin, istio)).toEqual([agent]);
    expect(quitTargetOf('envoy', admin).endpoints[0]).toMatchObject({
      addresses: [{ kind: 'unix', path: '/run/admin.sock' }],
      path: '/quitquitquit',
    });
  });
});
