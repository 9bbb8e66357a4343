import { remove } from '../fix/fix.ts';
import { isForPods } from '../model/istio-annotations.ts';
import { dict, texts } from '../read/values.ts';
import { annotate } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';

export const istioAnnotationMisplaced: Rule = {
  id: 'istio-annotation-misplaced',
  severity: 'warning',
  title: "An annotation for pods on the workload's own metadata",
  why: 'The injector sees pods. An annotation on the metadata of the Deployment itself never reaches them, and nothing reports it.',
  fix: "Move it to the pod template's metadata.",
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template } = workload;
      if (template.path.length === 0) continue;
      for (const [name, value] of Object.entries(texts(dict(object.data.metadata).annotations))) {
        if (!isForPods(name)) continue;
        const path = ['metadata', 'annotations', name];
        const there = template.annotations[name] !== undefined;
        yield {
          object,
          path,
          message: `"${name}" does nothing on the ${object.kind} itself: only the pod template's annotations count.`,
          fix: {
            title: there ? 'remove it: the pod template has its own' : 'move it to the pod template',
            certain: true,
            changes: [...(there ? [] : [annotate(workload, name, value)]), remove(object, path)],
          },
        };
      }
    }
  },
};
