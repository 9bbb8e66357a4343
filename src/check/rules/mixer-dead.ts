import { removeObject } from '../fix/fix.ts';
import { dict, list } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const mixerDead: Rule = {
  id: 'mixer-dead',
  severity: 'error',
  title: 'A kind that Istio no longer has: MeshPolicy, Policy, config.istio.io, rbac.istio.io',
  why: 'Istio 1.6 to 1.8 removed Mixer and the first authentication API. The API server does not know the kinds, or nothing reads them: what they should enforce is not enforced.',
  fix: 'PeerAuthentication, RequestAuthentication and AuthorizationPolicy; Telemetry and WasmPlugin for what Mixer did.',
  docs: ['The fix turns the mTLS of a MeshPolicy or Policy into a PeerAuthentication.'],
  *check(cluster) {
    for (const object of cluster.objects) {
      if (!/^(authentication|config|rbac)\.istio\.io$/.test(object.group)) continue;
      const policy = object.group === 'authentication.istio.io';
      yield {
        object,
        path: ['kind'],
        message: `Nothing reads a ${object.kind} of ${object.apiVersion}: it enforces nothing.`,
        fix: {
          title: policy ? 'replace it with a PeerAuthentication' : 'remove it',
          certain: false,
          changes: [removeObject(object)],
          creates: policy ? [peerAuthentication(object, cluster.inputs.rootNamespace)] : [],
        },
      };
    }
  },
};

function peerAuthentication(
  object: { kind: string; name: string; namespace: string; data: Readonly<Record<string, unknown>> },
  root: string,
) {
  const peer = list(dict(object.data.spec).peers)
    .map(dict)
    .find((item) => 'mtls' in item);
  const mode = peer === undefined ? 'DISABLE' : dict(peer.mtls).mode === 'PERMISSIVE' ? 'PERMISSIVE' : 'STRICT';
  const namespace = object.kind === 'MeshPolicy' ? root : object.namespace;
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: object.name, namespace },
    spec: { mtls: { mode } },
  };
}
