import { type Change, remove } from '../fix/fix.ts';
import { sidecarUid } from '../model/injection.ts';
import { dict, type Path } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const uid1337: Rule = {
  id: 'uid-1337',
  severity: 'error',
  title: "An app that runs as user or group 1337, the sidecar's own",
  why: "The traffic of 1337 is taken for the sidecar's and not redirected: what the app sends leaves the pod outside the mesh, as plain text, and STRICT servers refuse it.",
  fix: 'Any other user and group.',
  docs: ['Silent for init containers: there it is the documented way to the network before the sidecar runs.'],
  *check(cluster) {
    for (const { object, template, injection } of cluster.workloads) {
      if (injection.injected !== true) continue;
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
            fix: { title: `remove ${field}, so that the image decides`, certain: false, changes },
          };
        }
      }
    }
  },
};
