import { remove } from '../fix/fix.ts';
import type { Cluster } from '../model/cluster.ts';
import { annotationFact, isForPods } from '../model/istio-annotations.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, type Path, texts } from '../read/values.ts';
import { annotate } from './shared/annotations.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const istioAnnotationMisplaced: Rule = {
  id: 'istio-annotation-misplaced',
  severity: 'warning',
  title: 'An annotation of Istio where Istio does not read it',
  why: "The injector sees pods: an annotation for them on the Deployment's own metadata, or on a Namespace, never reaches it. One for Services does nothing on pods. Nothing reports it.",
  fix: "Move it to the pod template's metadata, or to the kind that it belongs to.",
  docs: ['It looks at the metadata of workloads, pod templates, Services and Namespaces.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template } = workload;
      const place: Path = [...template.path, 'metadata', 'annotations'];
      yield* foreignIn(cluster, object, { kind: 'Pod', place, annotations: template.annotations });
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
    for (const kind of ['Namespace', 'Service'] as const) {
      for (const object of cluster.ofKind(kind)) {
        const annotations = texts(dict(object.data.metadata).annotations);
        yield* foreignIn(cluster, object, { kind, place: ['metadata', 'annotations'], annotations });
      }
    }
  },
};

interface Annotated {
  readonly kind: 'Pod' | 'Namespace' | 'Service';
  readonly place: Path;
  readonly annotations: Readonly<Record<string, string>>;
}

/** `Any` is every kind, and istiod copies the annotations of a Gateway to the Service and the pods that it makes for it. */
const elsewhereToo: readonly string[] = ['Any', 'Gateway', 'GatewayClass'];

/** Annotations that Istio knows, and reads on other kinds. */
function* foreignIn(
  { inputs: { istio } }: Cluster,
  object: KubeObject,
  { kind, place, annotations }: Annotated,
): Iterable<Problem> {
  for (const name of Object.keys(annotations)) {
    const fact = annotationFact(name, istio);
    if (fact === undefined || fact.unknown !== undefined) continue;
    if (fact.kinds.includes(kind) || fact.kinds.some((one) => elsewhereToo.includes(one))) continue;
    const path = [...place, name];
    yield {
      object,
      path,
      message: `"${name}" does nothing on a ${kind}: Istio reads it on ${fact.kinds.join(', ')} only.`,
      fix: { title: 'remove it', certain: false, changes: [remove(object, path)] },
    };
  }
}
