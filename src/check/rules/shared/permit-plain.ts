import { type Fix, set } from '../../fix/fix.ts';
import { permissivePorts } from '../../fix/recipes.ts';
import type { Cluster } from '../../model/cluster.ts';
import { workloadPolicies } from '../../model/mtls.ts';
import type { Call, Target } from '../../model/traffic/call.ts';
import { trafficOf } from '../../model/traffic/traffic.ts';
import { dict, texts } from '../../read/values.ts';

/** The calls of one kind of caller that STRICT ports refuse, with those ports. */
export function* refusedCalls(cluster: Cluster, by: Call['by']): Iterable<readonly [Call, Target, readonly Target[]]> {
  for (const call of trafficOf(cluster).callsBy(by)) {
    const refused = call.targets.filter(({ accepted }) => accepted.takes === 'mtls');
    const [first] = refused;
    if (first !== undefined) yield [call, first, refused];
  }
}

/** For a sentence: which policy made the port STRICT. */
export function strictBy({ accepted }: Target): string {
  const by = accepted.mtls?.by;
  return by === undefined ? '' : ` by PeerAuthentication ${by.namespace}/${by.name}`;
}

/**
 * Lets ports of a workload take calls without mTLS as well. Of two policies for a pod one counts, so all that need it are
 * in one: the ports of other callers, too.
 */
export function permitPlain(cluster: Cluster, { workload, number }: Target, title: string): Fix {
  const [policy] = workloadPolicies(cluster, workload);
  if (policy !== undefined) {
    const path = ['spec', 'portLevelMtls', String(number), 'mode'];
    return { title, certain: false, changes: [set(policy, path, 'PERMISSIVE')] };
  }
  const { name, namespace } = workload.object;
  const labels = texts(dict(dict(workload.object.data.spec).selector).matchLabels);
  const scope = {
    name: `${name}-permissive-ports`,
    namespace,
    labels: Object.keys(labels).length === 0 ? workload.template.labels : labels,
  };
  const numbers = trafficOf(cluster).closed(workload);
  return { title, certain: false, changes: [], creates: [permissivePorts(scope, numbers, 'STRICT')] };
}
