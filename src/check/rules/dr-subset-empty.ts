import { hostText, MeshHosts } from '../model/routing/mesh-hosts.ts';
import { SubsetIndex } from '../model/routing/subsets.ts';
import { matches } from '../model/selectors.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

/** Labels that Istio, Kubernetes and those who roll out give to pods when they run. */
const runtimeLabel =
  /^(topology\.|failure-domain\.|kubernetes\.io\/|.*pod-template-hash$|controller-revision-hash$|statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/|security\.istio\.io\/)/;

export const drSubsetEmpty: Rule = {
  id: 'dr-subset-empty',
  severity: 'warning',
  title: 'A subset of a DestinationRule without pods',
  why: 'A subset takes the pods of the Service that have its labels, too. If there is none, each call to it gets a 503 (UH).',
  fix: "The labels of the pods, or the pods' labels.",
  docs: [
    'It looks where the files have the Service and pods of it. Other pods of it may come from elsewhere, so it is never an error.',
    'Labels that pods get when they run (topology, pod-template-hash) are not looked at.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    for (const { object, host, subsets } of new SubsetIndex(cluster).all) {
      const lookup = hosts.lookUp(hostText(host) ?? '', object);
      // Of a ServiceEntry, the files do not show the pods.
      if (lookup.objects.length === 0 || lookup.objects.some(({ kind }) => kind !== 'Service')) continue;
      const pods = lookup.objects.flatMap((service) => podsOf(service));
      if (pods.length === 0) continue;
      for (const { name, labels, path } of subsets) {
        const keys = Object.keys(labels);
        if (keys.some((key) => runtimeLabel.test(key)) || pods.some((pod) => matches(labels, pod.template.labels)))
          continue;
        const wanted = keys.map((key) => `${key}: ${labels[key]}`).join(', ');
        const shown = [...new Set(pods.map((pod) => `${pod.object.kind} ${pod.object.name}`))];
        yield {
          object,
          path: [...path, 'labels'],
          message: `Calls to the subset "${name}" get a 503 (UH): of ${shown.slice(0, 3).join(', ')} none has ${wanted}.`,
        };
      }
    }

    function podsOf(service: KubeObject) {
      const selector = texts(dict(service.data.spec).selector);
      return Object.keys(selector).length === 0 ? [] : cluster.selected(service.namespace, selector);
    }
  },
};
