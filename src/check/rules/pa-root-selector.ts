import { remove, set } from '../fix/fix.ts';
import { matches } from '../model/selectors.ts';
import type { Rule } from './shared/rule.ts';

export const paRootSelector: Rule = {
  id: 'pa-root-selector',
  severity: 'warning',
  title: 'A PeerAuthentication with a selector in the root namespace',
  why: 'Only a policy *without* a selector is for the whole mesh. With one it selects pods of the root namespace alone, which is rarely what was meant.',
  fix: "Move it to the workload's namespace, or drop the selector.",
  docs: [
    'Silent where pods of the root namespace in the files match; info where no pods in the files do, since it may be for those of the installation (the gateways, an addon).',
  ],
  *check(cluster) {
    const { rootNamespace } = cluster.inputs;
    for (const { object, selector } of cluster.policies()) {
      if (object.namespace !== rootNamespace || selector === undefined) continue;
      if (cluster.selected(rootNamespace, selector).length > 0) continue;
      const elsewhere = cluster.workloads.find(({ template }) => matches(selector, template.labels));
      yield {
        object,
        path: ['spec', 'selector'],
        message: `It selects pods of ${rootNamespace} only${elsewhere ? ', not of the mesh' : ': it does nothing if pods of the mesh are meant'}.`,
        ...(elsewhere === undefined && { severity: 'info' }),
        fix: elsewhere
          ? {
              title: `move it to ${elsewhere.object.namespace}`,
              certain: false,
              changes: [set(object, ['metadata', 'namespace'], elsewhere.object.namespace)],
            }
          : { title: 'drop the selector', certain: false, changes: [remove(object, ['spec', 'selector'])] },
      };
    }
  },
};
