import { remove } from '../fix/fix.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const injectNamespaceClash: Rule = {
  id: 'inject-namespace-clash',
  severity: 'warning',
  title: 'istio-injection and istio.io/rev on one namespace',
  why: 'istio-injection wins: the pods get the default revision, or none at all where no default revision is installed, and not the one that istio.io/rev names.',
  fix: 'One of the two.',
  docs: [],
  *check(cluster) {
    for (const object of cluster.ofKind('Namespace')) {
      const labels = texts(dict(object.data.metadata).labels);
      if (labels['istio-injection'] === undefined || labels['istio.io/rev'] === undefined) continue;
      const path = ['metadata', 'labels', 'istio-injection'];
      yield {
        object,
        path,
        message: `istio-injection: ${labels['istio-injection']} wins over istio.io/rev: ${labels['istio.io/rev']}.`,
        fix: { title: 'keep istio.io/rev', certain: false, changes: [remove(object, path)] },
      };
    }
  },
};
