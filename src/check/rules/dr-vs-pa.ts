import { remove } from '../fix/fix.ts';
import type { Cluster, Service } from '../model/cluster.ts';
import { effectiveMtls } from '../model/mtls.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, text } from '../read/values.ts';
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
        ({ injection }) =>
          injection.injected === false && injection.because !== 'ambient' && injection.because !== 'gateway',
      );
      const clash =
        (mode === 'DISABLE' || mode === 'SIMPLE') && strict
          ? `sends ${mode === 'DISABLE' ? 'plain text' : 'TLS without a certificate of the mesh'} to ${strict.object.kind} ${strict.object.name}, which is STRICT`
          : mode === 'ISTIO_MUTUAL' && bare
            ? `sends mTLS to ${bare.object.kind} ${bare.object.name}, which has no sidecar`
            : undefined;
      if (clash === undefined) continue;
      yield {
        object,
        path: [...tlsModes, 'mode'],
        message: `Every call gets a 503: the rule ${clash}.`,
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
