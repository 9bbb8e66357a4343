import { type Fix, set } from '../fix/fix.ts';
import type { Cluster, Workload } from '../model/cluster.ts';
import { type Listen, localListens } from '../model/listens.ts';
import { selectorMatches } from '../model/selectors.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import { dict, list } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const localhostListener: Rule = {
  id: 'localhost-listener',
  severity: 'warning',
  title: 'A Service for a port on which the app listens on localhost only',
  why: "Since Istio 1.10 the sidecar passes calls on to the pod's own address, as Kubernetes does without it. An app that listens on 127.0.0.1 gets none of them: 503 (UF), connection refused.",
  fix: 'Listen on 0.0.0.0; or take the port out of the Service; or a Sidecar with `ingress` and `defaultEndpoint: 127.0.0.1:PORT`.',
  docs: [
    'It reads options of the command with listen or bind in their name and an address of localhost, with the port behind it or in an option of its own, and `--host` of servers whose command line it knows: uvicorn, `flask run`, `mlflow server`, `next start`, `vite preview`, http-server, with their variables and defaults. What configuration files or images say, it does not know. Silent where a Sidecar in the namespace has an `ingress` for the pod.',
  ],
  *check(cluster) {
    const traffic = trafficOf(cluster);
    const local = new Map(
      cluster.workloads
        .filter(({ injection }) => injection.injected === true)
        .map((workload) => [workload, workload.template.containers.flatMap(localListens)] as const)
        .filter(([workload, listens]) => listens.length > 0 && !hasIngress(cluster, workload)),
    );
    if (local.size === 0) return;
    for (const service of cluster.services) {
      for (const { port, workload, number } of traffic.served(service)) {
        const listen = local.get(workload)?.find((found) => found.port === number);
        if (listen === undefined) continue;
        const { kind, name } = workload.object;
        const fix = cure(workload, listen);
        yield {
          object: service.object,
          path: port.path,
          message: `Nobody reaches port ${port.port}: ${kind} ${name} listens on localhost only (${listen.words}).`,
          restsOn: memberBy(workload),
          ...(fix === undefined ? {} : { fix }),
        };
      }
    }
  },
};

function hasIngress(cluster: Cluster, { object, template }: Workload): boolean {
  return cluster.ofKind('Sidecar').some(({ namespace, data }) => {
    const { workloadSelector, ingress } = dict(data.spec);
    const labels = { matchLabels: dict(workloadSelector).labels };
    return namespace === object.namespace && list(ingress).length > 0 && selectorMatches(labels, template.labels);
  });
}

/** Where the words stand in the manifest; variables hide them. */
function cure({ object }: Workload, { container, address, everywhere, port }: Listen): Fix | undefined {
  if (address === undefined) return undefined;
  const changes = (['command', 'args'] as const).flatMap((field) =>
    list(container.data[field]).flatMap((word, index) =>
      typeof word === 'string' && word.includes(address)
        ? [set(object, [...container.path, field, index], word.replaceAll(address, everywhere))]
        : [],
    ),
  );
  return changes.length === 0 ? undefined : { title: `listen on 0.0.0.0:${port}`, certain: false, changes };
}
