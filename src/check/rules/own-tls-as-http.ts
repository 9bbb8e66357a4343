import { type Cluster, targetOf, type Workload } from '../model/cluster.ts';
import { dict, list, text } from '../read/values.ts';
import { declarePort } from './shared/declare-port.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

const tlsPorts: readonly number[] = [443, 6443, 8443, 9443];

export const ownTlsAsHttp: Rule = {
  id: 'own-tls-as-http',
  severity: 'warning',
  title: 'A port declared as HTTP whose app seems to speak TLS itself',
  why: "The sidecar parses the TLS bytes as HTTP: the client's handshake fails, or it gets 400 or 503 (UPE).",
  fix: 'A name that begins with `https-` or `tls-`, or the appProtocol: the sidecar then passes TLS on untouched.',
  docs: [
    'Signs of TLS: an HTTPS probe on the port (then it is an error), the ports 443, 6443, 8443 and 9443, and the only port of a pod that mounts a Secret of type kubernetes.io/tls.',
  ],
  *check(cluster) {
    for (const service of cluster.services) {
      const [workload] =
        service.selector === undefined ? [] : cluster.selected(service.object.namespace, service.selector);
      if (workload === undefined || workload.injection.injected !== true) continue;
      for (const port of service.ports) {
        if (!['http', 'http2'].includes(port.protocol.protocol)) continue;
        const target = targetOf(port, workload);
        const probes = workload.template.containers.flatMap((container) => container.probes);
        const probed = probes.some(
          (probe) => probe.kind === 'httpGet' && probe.scheme === 'HTTPS' && probe.port === target,
        );
        const sign = probed
          ? 'it is probed by HTTPS'
          : target !== undefined && tlsPorts.includes(target)
            ? `${target} is usually a TLS port`
            : workload.ports.length === 1 && mountsTls(cluster, workload)
              ? 'the pod mounts a TLS certificate'
              : undefined;
        if (sign === undefined) continue;
        const plainAppProtocol = port.appProtocol !== undefined;
        yield {
          object: service.object,
          path: [...port.path, plainAppProtocol ? 'appProtocol' : 'name'],
          message: `The sidecar parses TLS as HTTP on port ${port.port}: it is declared ${port.protocol.protocol}, and ${sign}.`,
          severity: probed ? 'error' : 'warning',
          restsOn: memberBy(workload),
          fix: declarePort(service, port, 'https'),
        };
      }
    }
  },
};

function mountsTls(cluster: Cluster, { object, template }: Workload): boolean {
  const mounted = list(template.spec.volumes).map((volume) => text(dict(dict(volume).secret).secretName));
  return cluster.ofKind('Secret').some((secret) => {
    return (
      secret.namespace === object.namespace && secret.data.type === 'kubernetes.io/tls' && mounted.includes(secret.name)
    );
  });
}
