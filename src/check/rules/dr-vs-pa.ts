import { remove } from '../fix/fix.ts';
import type { Cluster, Service } from '../model/cluster.ts';
import { membershipReasons } from '../model/membership-reasons.ts';
import { effectiveMtls } from '../model/mtls.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, text } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

const tlsModes = ['spec', 'trafficPolicy', 'tls'];

export const drVsPa: Rule = {
  id: 'dr-vs-pa',
  severity: 'error',
  title: 'A DestinationRule with a TLS mode that the server does not accept',
  why: 'DISABLE or SIMPLE sends plain text or other TLS to a server that is STRICT; ISTIO_MUTUAL sends mTLS to a pod without a sidecar. Either way every call gets a 503 (UF).',
  fix: 'Remove `tls` from the rule: Istio then chooses for each pod what it accepts (auto-mTLS).',
  docs: ['It looks at `spec.trafficPolicy.tls`, for Services and pods in the files.'],
  *check(cluster) {
    for (const object of cluster.ofKind('DestinationRule')) {
      const spec = dict(object.data.spec);
      const mode = text(dict(dict(spec.trafficPolicy).tls).mode);
      const service = serviceOfHost(cluster, object, text(spec.host) ?? '');
      if (mode === undefined || service?.selector === undefined) continue;
      const workloads = cluster.selected(service.object.namespace, service.selector);
      const strict = workloads.find(
        (workload) => workload.injection.injected === true && effectiveMtls(cluster, workload).mode === 'STRICT',
      );
      const bare = workloads.find(
        ({ injection }) => membershipReasons[injection.because].place === 'outside' && injection.because !== 'gateway',
      );
      const server = mode === 'ISTIO_MUTUAL' ? bare : mode === 'DISABLE' || mode === 'SIMPLE' ? strict : undefined;
      if (server === undefined) continue;
      const [sent, state] =
        mode === 'ISTIO_MUTUAL'
          ? ['mTLS', 'has no sidecar']
          : [mode === 'DISABLE' ? 'plain text' : 'TLS without a certificate of the mesh', 'is STRICT'];
      const byInput = mode !== 'ISTIO_MUTUAL' && effectiveMtls(cluster, server).by === undefined;
      yield {
        object,
        path: [...tlsModes, 'mode'],
        message: `Every call gets a 503: the rule sends ${sent} to ${server.object.kind} ${server.object.name}, which ${state}.`,
        restsOn: [...memberBy(server), ...(byInput ? (['mtls'] as const) : [])],
        fix: { title: 'remove tls, so that auto-mTLS decides', certain: true, changes: [remove(object, tlsModes)] },
      };
    }
  },
};

/** `web`, `web.shop`, `web.shop.svc.cluster.local`. */
function serviceOfHost(cluster: Cluster, rule: KubeObject, host: string): Service | undefined {
  const [name, namespace = rule.namespace, svc] = host.split('.');
  if (svc !== undefined && svc !== 'svc') return undefined;
  return cluster.services.find(({ object }) => object.name === name && object.namespace === namespace);
}
