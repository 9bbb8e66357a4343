import { set } from '../fix/fix.ts';
import type { Workload } from '../model/cluster.ts';
import { podsOfGateway } from '../model/routing/gateway-pods.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const gatewaySelector: Rule = {
  id: 'gateway-selector',
  severity: 'warning',
  title: 'A Gateway that selects no gateway pods',
  why: 'A Gateway is the configuration of pods that run as gateways, those with its labels. If no pod has them, nothing listens.',
  fix: "The labels of the gateway's pod template.",
  docs: [
    'The pods may be in the cluster and not in the files (`istio: ingressgateway` is what the Helm chart gives them), so it looks only where the files have gateway pods in the namespace of the Gateway.',
  ],
  *check(cluster) {
    const gateways = cluster.workloads.filter(({ injection }) => injection.because === 'gateway');
    for (const object of cluster.ofKind('Gateway')) {
      const selector = texts(dict(object.data.spec).selector);
      const near = gateways.filter((workload) => workload.object.namespace === object.namespace);
      const [only] = near;
      if (Object.keys(selector).length === 0 || only === undefined || podsOfGateway(cluster, selector).length > 0)
        continue;
      const meant = near.length === 1 ? labelsFor(selector, only) : undefined;
      yield {
        object,
        path: ['spec', 'selector'],
        message: `Nothing listens: no pod in the files has ${spelled(selector)}; ${only.object.kind} ${only.object.name} has ${spelled(only.template.labels)}.`,
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
