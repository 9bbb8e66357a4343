import { set } from '../fix/fix.ts';
import { type Cluster, targetOf, type Workload } from '../model/cluster.ts';
import { dict, list, type Path, text, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const authorizationPort: Rule = {
  id: 'authorization-port',
  severity: 'warning',
  title: "An AuthorizationPolicy with a Service's port instead of the container's",
  why: 'The sidecar of the server sees the port of the container. A rule for a Service port that leads to another one matches nothing: ALLOW lets nobody in, DENY stops nobody.',
  fix: "The container's port, to which the Service's targetPort leads.",
  docs: [
    'Policies with a selector, in the namespace of the pods. Silent where a selected pod declares the port, or the same list has the container port as well.',
  ],
  *check(cluster) {
    for (const object of cluster.ofKind('AuthorizationPolicy')) {
      const { selector, rules } = dict(object.data.spec);
      const labels = texts(dict(selector).matchLabels);
      if (Object.keys(labels).length === 0) continue;
      const workloads = cluster
        .selected(object.namespace, labels)
        .filter(({ injection }) => injection.injected === true);
      for (const { numbers, path } of portLists(rules)) {
        for (const [index, number] of numbers.entries()) {
          if (workloads.some(({ ports }) => ports.some((port) => String(port.number) === number))) continue;
          const found = targetBehind(cluster, workloads, number);
          if (found === undefined || numbers.includes(String(found.number))) continue;
          const { kind, name } = found.workload.object;
          yield {
            object,
            path: [...path, index],
            message: `${path.at(-1) === 'ports' ? 'This matches nothing' : 'This leaves nothing out'}: port ${number} of Service ${found.service} leads to port ${found.number} of ${kind} ${name}, and that is what its sidecar sees.`,
            restsOn: memberBy(found.workload),
            fix: {
              title: `write ${found.number}`,
              certain: false,
              changes: [set(object, [...path, index], String(found.number))],
            },
          };
        }
      }
    }
  },
};

/** The lists of ports of all rules. */
function portLists(rules: unknown): { readonly numbers: readonly string[]; readonly path: Path }[] {
  return list(rules).flatMap((rule, ruleIndex) =>
    list(dict(rule).to).flatMap((item, index) =>
      (['ports', 'notPorts'] as const).map((field) => ({
        numbers: list(dict(dict(item).operation)[field]).map((number) => text(number) ?? ''),
        path: ['spec', 'rules', ruleIndex, 'to', index, 'operation', field],
      })),
    ),
  );
}

interface Found {
  readonly workload: Workload;
  readonly service: string;
  readonly number: number;
}

/** The container port behind a Service port of that number, where it is another. */
function targetBehind(cluster: Cluster, workloads: readonly Workload[], number: string): Found | undefined {
  for (const workload of workloads) {
    for (const { object, ports } of cluster.servicesOf(workload)) {
      const port = ports.find((own) => String(own.port) === number);
      const target = port && targetOf(port, workload);
      if (target !== undefined && String(target) !== number) return { workload, service: object.name, number: target };
    }
  }
  return undefined;
}
