import { listed } from '../../text/listed.ts';
import { type Cluster, targetOf, type Workload } from '../model/cluster.ts';
import { podsOfGateway } from '../model/routing/gateway-pods.ts';
import { dict, int, list, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const gatewayPort: Rule = {
  id: 'gateway-port',
  severity: 'warning',
  title: 'A port of a Gateway that the Service of its pods does not have',
  why: 'The gateway listens, and nobody gets there: the Service in front of it does not pass that port on.',
  fix: "The port in the gateway's Service, or a port in the Gateway that the Service has.",
  docs: [
    "The number of a Gateway's server may be the Service's `port` or its `targetPort`.",
    'Pods that no Service in the files selects, on the host network, or with a `hostPort` are not looked at.',
  ],
  *check(cluster) {
    for (const object of cluster.ofKind('Gateway')) {
      const spec = dict(object.data.spec);
      const selector = texts(spec.selector);
      if (Object.keys(selector).length === 0) continue;
      const pods = podsOfGateway(cluster, selector);
      const ports = new Set(pods.flatMap((workload) => reachedPorts(cluster, workload)));
      if (ports.size === 0 || pods.some((workload) => isOnHost(workload))) continue;
      const services = new Set(pods.flatMap((workload) => cluster.servicesOf(workload).map((one) => one.object.name)));
      for (const [index, server] of list(spec.servers).entries()) {
        const number = int(dict(dict(server).port).number);
        if (number === undefined || number === 0 || ports.has(number)) continue;
        yield {
          object,
          path: ['spec', 'servers', index, 'port', 'number'],
          message: `Nobody reaches port ${number} of the gateway: Service ${listed([...services])} has not got it.`,
        };
      }
    }
  },
};

function reachedPorts(cluster: Cluster, workload: Workload): number[] {
  return cluster
    .servicesOf(workload)
    .flatMap(({ ports }) => ports)
    .filter(({ transport }) => transport === 'TCP')
    .flatMap((port) => [port.port, targetOf(port, workload) ?? port.port]);
}

function isOnHost({ template }: Workload): boolean {
  const containers = list(template.spec.containers).map(dict);
  return (
    template.spec.hostNetwork === true ||
    containers.some(({ ports }) => list(ports).some((port) => dict(port).hostPort !== undefined))
  );
}
