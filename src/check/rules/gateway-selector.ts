import { set } from '../fix/fix.ts';
import type { Workload } from '../model/cluster.ts';
import { nearestResource } from '../model/nearest-resource.ts';
import { podsOfGateway } from '../model/routing/gateway-pods.ts';
import type { Labels } from '../model/selectors.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const gatewaySelector: Rule = {
  id: 'gateway-selector',
  severity: 'warning',
  title: 'A Gateway that selects no gateway pods',
  why: 'A Gateway is the configuration of pods that run as gateways, those with its labels. If no pod has them, nothing listens.',
  fix: "The labels of the gateway's pod template.",
  docs: [
    'The pods may be in the cluster and not in the files (`istio: ingressgateway` is what the Helm chart gives them), so it looks only where the files have gateway pods in the namespace of the Gateway, and it is info unless their labels are nearly the same.',
  ],
  *check(cluster) {
    const gateways = cluster.workloads.filter(({ injection }) => injection.because === 'gateway');
    for (const object of cluster.ofKind('Gateway')) {
      const selector = texts(dict(object.data.spec).selector);
      const near = gateways.filter((workload) => workload.object.namespace === object.namespace);
      const [only] = near;
      if (only === undefined || podsOfGateway(cluster, selector).length > 0) continue;
      const meant = near.length === 1 ? labelsFor(selector, only) : undefined;
      const isMeant = near.some(({ template }) => areAkin(selector, template.labels));
      yield {
        object,
        path: ['spec', 'selector'],
        message: `${isMeant ? 'Nothing listens: no' : 'If the cluster has no such pods, nothing listens: no'} pod in the files has ${spelled(selector)}; ${only.object.kind} ${only.object.name} has ${spelled(only.template.labels)}.`,
        ...(!isMeant && { severity: 'info' }),
        ...(meant && {
          fix: {
            title: `select ${spelled(meant)}`,
            certain: false,
            changes: [set(object, ['spec', 'selector'], meant)],
          },
        }),
      };
    }
  },
};

/** Whether these pods may be meant: one label is part of the other (`ingress` and `ingressgateway`), or a slip. */
function areAkin(selector: Labels, labels: Labels): boolean {
  const names = Object.values(labels);
  return Object.values(selector).some((wanted) =>
    names.some((name) => wanted.startsWith(name) || name.startsWith(wanted) || nearestResource(wanted, [name])),
  );
}

/** The labels of the same names, where the pods have them all; else the first ones that name an app. */
function labelsFor(selector: Readonly<Record<string, string>>, { template }: Workload) {
  const { labels } = template;
  const own = Object.keys(selector).flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]] as const]));
  if (own.length > 0) return Object.fromEntries(own);
  const key = ['istio', 'app', 'app.kubernetes.io/name'].find((name) => labels[name] !== undefined);
  return key === undefined ? undefined : { [key]: labels[key] ?? '' };
}

function spelled(labels: Readonly<Record<string, string>>): string {
  const all = Object.entries(labels).filter(([key]) => !key.startsWith('sidecar.istio.io/'));
  return all.map(([key, value]) => `${key}: ${value}`).join(', ') || 'no labels';
}
