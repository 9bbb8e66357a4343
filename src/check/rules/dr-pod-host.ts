import { type Fix, removeObject, set } from '../fix/fix.ts';
import type { Cluster, Service } from '../model/cluster.ts';
import { effectiveMtls } from '../model/mtls.ts';
import { fullHost, serviceOfPodHost } from '../model/service-host.ts';
import { clientTls } from '../model/traffic/client-tls.ts';
import { isWithin } from '../model/traffic/destination-rules.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list, text } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const drPodHost: Rule = {
  id: 'dr-pod-host',
  severity: 'warning',
  title: 'A DestinationRule for the names of pods, which Istio does not look up',
  why: 'Istio knows the pods of a headless Service by the name of the Service, also where a client calls one of them. A rule for `*.SERVICE...` or `POD.SERVICE...` applies to no call, and what it sets is not so.',
  fix: 'The name of the Service as `host`; or no rule, where it only sets mTLS: auto-mTLS chooses it for each port.',
  docs: [
    '`*.mq.shop.svc.cluster.local` does not match `mq.shop.svc.cluster.local` (Istio 1.31, MostSpecificHostMatch). It was for ServiceEntries with the names of the pods, which were needed before Istio 1.10; where the files have one, the rule is silent.',
  ],
  *check(cluster) {
    const rules = cluster.ofKind('DestinationRule');
    if (rules.length === 0) return;
    const entryHosts = cluster
      .ofKind('ServiceEntry')
      .flatMap(({ data }) => list(dict(data.spec).hosts).flatMap((host) => text(host) ?? []));
    for (const object of rules) {
      const host = fullHost(text(dict(object.data.spec).host) ?? '', object.namespace);
      const named = serviceOfPodHost(host);
      if (named === undefined) continue;
      const service = trafficOf(cluster).services.named(named.namespace, named.name, object);
      if (service?.headless !== true || entryHosts.some((entry) => isWithin(entry, host))) continue;
      const refused = plainPort(cluster, object, service);
      const harm =
        refused === undefined
          ? ''
          : ` For that name it would send mTLS to port ${refused}, which takes plain text only.`;
      yield {
        object,
        path: ['spec', 'host'],
        message: `The rule applies to no call: Istio knows these pods as ${named.host}, which ${host} does not match.${harm}`,
        fix: cure(object, named.host),
      };
    }
  },
};

/** A port that would refuse the mTLS that the rule wants, since a policy turns it off. */
function plainPort(cluster: Cluster, object: KubeObject, service: Service): number | undefined {
  return trafficOf(cluster)
    .served(service)
    .find(
      ({ port, workload, number }) =>
        effectiveMtls(cluster, workload, number).mode === 'DISABLE' &&
        clientTls(object, port.port).some(({ mode }) => mode === 'ISTIO_MUTUAL'),
    )?.port.port;
}

function cure(object: KubeObject, host: string): Fix {
  const { trafficPolicy, subsets } = dict(object.data.spec);
  const { tls, ...others } = dict(trafficPolicy);
  const onlyMutual = dict(tls).mode === 'ISTIO_MUTUAL' && Object.keys(others).length === 0 && subsets === undefined;
  return onlyMutual
    ? { title: 'remove the rule, so that auto-mTLS decides', certain: false, changes: [removeObject(object)] }
    : { title: 'write the name of the Service', certain: false, changes: [set(object, ['spec', 'host'], host)] };
}
