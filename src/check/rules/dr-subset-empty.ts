import type { Cluster, Workload } from '../model/cluster.ts';
import { destinationsOf } from '../model/routing/destinations.ts';
import { hostText, MeshHosts } from '../model/routing/mesh-hosts.ts';
import { type Subset, SubsetIndex } from '../model/routing/subsets.ts';
import { type Labels, matches } from '../model/selectors.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

/** Labels that Istio, Kubernetes and those who roll out give to pods when they run. */
const runtimeLabel =
  /^(topology\.|(service\.)?istio\.io\/|failure-domain\.|kubernetes\.io\/|.*pod-template-hash$|controller-revision-hash$|statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/|security\.istio\.io\/)/;

export const drSubsetEmpty: Rule = {
  id: 'dr-subset-empty',
  severity: 'warning',
  title: 'A subset of a DestinationRule without pods',
  why: 'A subset takes the pods of the Service that have its labels, too. If there is none, each call to it gets a 503 (UH).',
  fix: "The labels of the pods, or the pods' labels.",
  docs: [
    'It looks where the files have the Service and pods of it. Other pods of it may come from elsewhere, so it is never an error; and it is info where no VirtualService in the files leads to the subset.',
    'Labels that pods get when they run (topology, pod-template-hash) are not looked at; those of WorkloadEntries and WorkloadGroups, and what a Rollout adds to its canary pods, count.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    const index = new SubsetIndex(cluster);
    const outside = labelsOutside(cluster);
    const routed = new Set(cluster.ofKind('VirtualService').flatMap((object) => routedSubsets(index, object)));
    for (const { object, host, subsets } of index.all) {
      const lookup = hosts.lookUp(hostText(host) ?? '', object);
      // Of a ServiceEntry, the files do not show the pods.
      if (lookup.objects.some(({ kind }) => kind !== 'Service')) continue;
      const pods = lookup.objects.flatMap((service) => podsOf(service));
      if (pods.length === 0) continue;
      const shownLabels = [...pods.flatMap(labelsOf), ...outside];
      for (const subset of subsets) {
        const { name, labels, path } = subset;
        const keys = Object.keys(labels);
        if (keys.some((key) => runtimeLabel.test(key)) || shownLabels.some((own) => matches(labels, own))) continue;
        const wanted = keys.map((key) => `${key}: ${labels[key]}`).join(', ');
        const shown = [...new Set(pods.map((pod) => `${pod.object.kind} ${pod.object.name}`))];
        yield {
          object,
          path: [...path, 'labels'],
          message: `${routed.has(subset) ? 'Calls' : 'If a route leads there, calls'} to the subset "${name}" get a 503 (UH): of ${shown.slice(0, 3).join(', ')} none has ${wanted}.`,
          ...(!routed.has(subset) && { severity: 'info' }),
        };
      }
    }

    function podsOf(service: KubeObject) {
      const selector = texts(dict(service.data.spec).selector);
      return Object.keys(selector).length === 0 ? [] : cluster.selected(service.namespace, selector);
    }
  },
};

/** The subsets that the routes of a VirtualService lead to. */
function routedSubsets(index: SubsetIndex, object: KubeObject): Subset[] {
  return destinationsOf(object).flatMap(({ host, subset }) =>
    index.rulesFor(host, object).flatMap(({ subsets }) => subsets.filter(({ name }) => name === subset)),
  );
}

/** Argo Rollouts adds labels to the pods of each side while it rolls out. */
function labelsOf({ object, template }: Workload): Labels[] {
  const { canaryMetadata, stableMetadata } = dict(dict(dict(object.data.spec).strategy).canary);
  const added = [canaryMetadata, stableMetadata].map((metadata) => texts(dict(metadata).labels));
  return [template.labels, ...added.map((labels) => ({ ...template.labels, ...labels }))];
}

/** Workloads outside Kubernetes, which Services take in as well. */
function labelsOutside(cluster: Cluster): Labels[] {
  return [
    ...cluster.ofKind('WorkloadEntry').map(({ data }) => texts(dict(data.spec).labels)),
    ...cluster.ofKind('WorkloadGroup').map(({ data }) => texts(dict(dict(data.spec).metadata).labels)),
  ];
}
