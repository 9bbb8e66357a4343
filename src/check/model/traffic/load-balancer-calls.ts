import { dict } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import type { Call } from './call.ts';
import type { ServedPorts } from './served-ports.ts';

/**
 * The calls of clients outside the cluster to the app's own TLS, which come in through a Service of type LoadBalancer or
 * NodePort. What is plain text there may be meant for the mesh alone.
 */
export function* loadBalancerCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  for (const service of cluster.services) {
    const { type } = dict(service.object.data.spec);
    if (type !== 'LoadBalancer' && type !== 'NodePort') continue;
    for (const served of ports.served(service)) {
      if (served.port.protocol.handling !== 'tls') continue;
      yield {
        by: 'load-balancer',
        object: service.object,
        path: served.port.path,
        targets: [served],
        port: served.port,
        to: '',
        consequence: '',
      };
    }
  }
}
