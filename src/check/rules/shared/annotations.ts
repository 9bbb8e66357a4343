import { type Change, set } from '../../fix/fix.ts';
import type { Workload } from '../../model/cluster.ts';
import { type Path, valueAt } from '../../read/values.ts';

/** The way to an annotation of a pod template. */
export function annotationPath({ template }: Workload, name: string): Path {
  return [...template.path, 'metadata', 'annotations', name];
}

/** Sets an annotation of a pod template. */
export function annotate(workload: Workload, name: string, value: string): Change {
  return set(workload.object, annotationPath(workload, name), value);
}

/** The key to show for something that a template leaves out: its annotations, else its metadata. */
export function templateKey({ object, template }: Workload): Path {
  const metadata = [...template.path, 'metadata'];
  const annotations = [...metadata, 'annotations'];
  return valueAt(object.data, annotations) === undefined ? metadata : annotations;
}
