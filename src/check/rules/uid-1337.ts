import { type Change, remove } from '../fix/fix.ts';
import type { Cluster, Workload } from '../model/cluster.ts';
import { sidecarUid } from '../model/injection.ts';
import { dict, type Path, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const uid1337: Rule = {
  id: 'uid-1337',
  severity: 'error',
  title: "An app that runs as user or group 1337, the sidecar's own",
  why: "The traffic of 1337 is taken for the sidecar's and not redirected: what the app sends leaves the pod outside the mesh, as plain text, and STRICT servers refuse it.",
  fix: 'Any other user and group.',
  docs: [
    'Silent for init containers: there it is the documented way to the network before the sidecar runs.',
    "Silent on OpenShift, where the sidecar's user comes from the range of the namespace (`--openshift true`, or the annotation `openshift.io/sa.scc.uid-range` of the Namespace).",
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true || hasOwnRange(cluster, workload)) continue;
      const scopes: readonly (readonly [Path, unknown])[] = [
        [[...template.specPath, 'securityContext'], template.spec.securityContext],
        ...template.containers.map(({ path, data }) => [[...path, 'securityContext'], data.securityContext] as const),
      ];
      for (const [path, context] of scopes) {
        for (const field of ['runAsUser', 'runAsGroup']) {
          if (dict(context)[field] !== sidecarUid) continue;
          const changes: Change[] = [remove(object, [...path, field])];
          yield {
            object,
            path: [...path, field],
            message: "The app's outbound traffic is taken for the sidecar's own and leaves the pod outside the mesh.",
            restsOn: [...memberBy(workload), 'openshift'],
            fix: { title: `remove ${field}, so that the image decides`, certain: false, changes },
          };
        }
      }
    }
  },
};

/** Source: Istio 1.31's injector, GetProxyIDs. */
function hasOwnRange({ inputs, namespace }: Cluster, { object }: Workload): boolean {
  const annotations = texts(dict(namespace(object.namespace)?.data.metadata).annotations);
  return inputs.openshift || annotations['openshift.io/sa.scc.uid-range'] !== undefined;
}
