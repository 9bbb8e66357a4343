import { type Cluster, targetOf, type Workload } from '../model/cluster.ts';
import { portSign } from '../model/port-signs.ts';
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
    'Signs of TLS: an HTTPS probe on the port (then it is an error); https, tls or ssl in the name of the container port. An info only, since they prove nothing against a name: the ports 443, 6443, 8443 and 9443, and the only port of a pod that mounts a Secret of type kubernetes.io/tls.',
    'Silent where the port has an HTTP probe without TLS.',
  ],
  *check(cluster) {
    for (const service of cluster.services) {
      const [workload] =
        service.selector === undefined ? [] : cluster.selected(service.object.namespace, service.selector);
      if (workload === undefined || workload.injection.injected !== true) continue;
      for (const port of service.ports) {
        if (!['http', 'http2'].includes(port.protocol.protocol)) continue;
        const target = targetOf(port, workload);
        const shown = portSign({ ...port, name: undefined }, [workload]);
        const probed = shown?.by === 'probe';
        if (probed && shown.spoken !== 'https') continue;
        const named = shown?.by === 'name' && (shown.spoken === 'https' || shown.spoken === 'tls');
        const maybe =
          target !== undefined && tlsPorts.includes(target)
            ? `if the app speaks TLS on port ${target}, as is usual there`
            : workload.ports.length === 1 && mountsTls(cluster, workload)
              ? 'if it is for this port that the pod mounts a TLS certificate'
              : undefined;
        const isSure = probed || named;
        if (!isSure && maybe === undefined) continue;
        const plainAppProtocol = port.appProtocol !== undefined;
        yield {
          object: service.object,
          path: [...port.path, plainAppProtocol ? 'appProtocol' : 'name'],
          message: `The sidecar parses TLS as HTTP on port ${port.port}, ${isSure ? `since ${shown?.reason}` : maybe}: it is declared ${port.protocol.protocol}.`,
          severity: probed ? 'error' : named ? 'warning' : 'info',
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
