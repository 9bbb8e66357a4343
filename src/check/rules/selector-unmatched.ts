import { set } from '../fix/fix.ts';
import type { Cluster } from '../model/cluster.ts';
import { nearestResource } from '../model/nearest-resource.ts';
import type { OwnKind } from '../model/own-kinds.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, type Path, texts, valueAt } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

/** Kinds that are for pods with labels, and where these stand. */
const selectors: readonly (readonly [OwnKind, Path])[] = [
  ['AuthorizationPolicy', ['spec', 'selector', 'matchLabels']],
  ['PeerAuthentication', ['spec', 'selector', 'matchLabels']],
  ['RequestAuthentication', ['spec', 'selector', 'matchLabels']],
  ['Telemetry', ['spec', 'selector', 'matchLabels']],
  ['WasmPlugin', ['spec', 'selector', 'matchLabels']],
  ['ProxyConfig', ['spec', 'selector', 'matchLabels']],
  ['EnvoyFilter', ['spec', 'workloadSelector', 'labels']],
  ['Sidecar', ['spec', 'workloadSelector', 'labels']],
];

/** Labels that name an app, one instead of the other: what `true` or `v1` stands for, its name tells. */
const appLabels: readonly string[] = [
  'app',
  'name',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'component',
  'k8s-app',
  'service',
  'run',
];

export const selectorUnmatched: Rule = {
  id: 'selector-unmatched',
  severity: 'warning',
  title: 'A policy or a Sidecar whose labels no pod has',
  why: 'It applies to nothing: an AuthorizationPolicy lets everything pass, a PeerAuthentication leaves the mode as it was.',
  fix: "The labels of the pod template. The workload's own labels do not count.",
  docs: [
    'The pods may be in the cluster and not in the files. It is a warning where pods of the namespace have nearly these labels: the same name with another spelling of the value, the same app under another label (`app` and `app.kubernetes.io/name`), or the workload itself has them and its pods do not. Else it is silent.',
    'In the root namespace it is for pods of all namespaces, and not looked at.',
  ],
  *check(cluster) {
    for (const [kind, path] of selectors) {
      for (const object of cluster.ofKind(kind)) {
        const labels = texts(valueAt(object.data, path));
        if (object.namespace === cluster.inputs.rootNamespace) continue;
        // Without labels it is for all pods.
        if (cluster.selected(object.namespace, labels).length > 0) continue;
        const near = nearLabels(cluster, object, labels);
        if (near === undefined) continue;
        const { reason, meant } = near;
        yield {
          object,
          path,
          message: `It applies to no pod in the files: ${reason}`,
          ...(meant && {
            fix: { title: 'select the labels of these pods', certain: false, changes: [set(object, path, meant)] },
          }),
        };
      }
    }
  },
};

function nearLabels(cluster: Cluster, { namespace }: KubeObject, labels: Readonly<Record<string, string>>) {
  for (const { object, template } of cluster.selected(namespace, {})) {
    const missing = Object.entries(labels).filter(([key, value]) => template.labels[key] !== value);
    const own = texts(dict(object.data.metadata).labels);
    const who = `${object.kind} ${object.name}`;
    if (passesOnNoLabels(object) && missing.every(([key, value]) => own[key] === value)) {
      const [key, value] = missing[0] ?? [];
      return { reason: `${who} has ${key}: ${value}, its pods do not.`, meant: undefined };
    }
    const meant: Record<string, string> = { ...labels };
    const isNear = missing.every(([key, value]) => {
      const spelling = template.labels[key];
      if (spelling !== undefined && nearestResource(value, [spelling]) !== undefined) {
        meant[key] = spelling;
        return true;
      }
      const other = appLabels.find((name) => template.labels[name] === value);
      if (other === undefined || spelling !== undefined || !appLabels.includes(key)) return false;
      delete meant[key];
      meant[other] = value;
      return true;
    });
    if (!isNear) continue;
    const shown = Object.entries(meant).map(([key, value]) => `${key}: ${value}`);
    return { reason: `the pods of ${who} have ${shown.join(', ')}.`, meant };
  }
  return undefined;
}

/** An operator may give the labels of its object to the pods. */
function passesOnNoLabels({ group }: KubeObject): boolean {
  return ['apps', 'batch', 'argoproj.io', 'apps.kruise.io', 'apps.openshift.io'].includes(group);
}
