import type { Workload } from '../check/model/cluster.ts';
import { list, valueAt } from '../check/read/values.ts';
import type { Way } from './pod-parts.ts';

/** What Knative's webhook refuses until it is enabled (Knative Serving 1.21, pkg/apis/config/features.go). */
const features: Readonly<Record<Way, { readonly flag: string; readonly what: string } | undefined>> = {
  init: { flag: 'kubernetes.podspec-init-containers', what: 'init containers' },
  volume: { flag: 'kubernetes.podspec-volumes-image', what: 'image volumes' },
  layer: undefined,
};

/** What a revision of Knative needs beside the change; where it has init containers already, the cluster takes them. */
export function knativeNotes({ object, template }: Workload, way: Way): string[] {
  const feature = features[way];
  if (object.group !== 'serving.knative.dev' || feature === undefined) return [];
  const hasInit = template.initPath !== undefined && list(valueAt(object.data, template.initPath)).length > 0;
  if (way === 'init' && hasInit) return [];
  return [
    `Knative takes ${feature.what} only with ${feature.flag}: enabled in its ConfigMap config-features; --way layer needs nothing of it`,
  ];
}
