import { set } from '../fix/fix.ts';
import type { Workload } from '../model/cluster.ts';
import { injectLabel } from '../model/membership.ts';
import { dict, list, type Path } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const proxyImageAuto: Rule = {
  id: 'proxy-image-auto',
  severity: 'error',
  title: 'A container with the image "auto" in a pod that nothing injects',
  why: 'The injector replaces the image "auto" by that of the proxy. Without it the kubelet looks for an image of that name: the pod stays in ErrImagePull.',
  fix: 'The label `sidecar.istio.io/inject: "true"` on the pod template, or a label of the namespace that asks for injection.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== false || injection.because === 'gateway') continue;
      for (const path of autoImages(workload)) {
        yield {
          object,
          path,
          message: 'The pod stays in ErrImagePull: nothing injects it, so "auto" is taken for the name of an image.',
          restsOn: memberBy(workload),
          fix: {
            title: 'ask for the injection',
            certain: false,
            changes: [set(object, [...template.path, 'metadata', 'labels', injectLabel], 'true')],
          },
        };
      }
    }
  },
};

function autoImages({ template }: Workload): Path[] {
  return ['initContainers', 'containers'].flatMap((field) =>
    list(template.spec[field]).flatMap((item, index) =>
      dict(item).image === 'auto' ? [[...template.path, 'spec', field, index, 'image']] : [],
    ),
  );
}
