import { type Note, set } from '../fix/fix.ts';
import { shellWord } from '../fix/shell-word.ts';
import { injectLabel } from '../model/membership.ts';
import type { KubeObject } from '../read/manifest.ts';
import { templateKey } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';
import { isNotNative, restsOn } from './shared/sidecar-order.ts';
import { goNative } from './shared/start-order.ts';

export const jobNeverEnds: Rule = {
  id: 'job-never-ends',
  severity: 'error',
  title: 'A Job, a CronJob, a Pod that is not restarted or the like, with a sidecar that is not native',
  why: 'The sidecar is a container like any other and never ends by itself, so the pod never completes: the Job stays active, a CronJob piles up pods or skips its runs.',
  fix: 'A native sidecar; or start the job through `mesh-shim --quit always`, which tells the sidecar to end; or leave it out of the mesh with the label `sidecar.istio.io/inject: "false"`.',
  docs: [
    'A Pod with restartPolicy Never or OnFailure is a task as well: Airflow, GitLab runner and `helm test` make such.',
    'Silent where the command of a container ends the sidecar: mesh-shim with `--quit`, scuttle, or a call of `/quitquitquit`. The default of `--quit` is never.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template } = workload;
      if (workload.life !== 'ends' || !isNotNative(workload)) continue;
      if (template.containers.some(({ launcher }) => launcher?.quits)) continue;
      yield {
        object,
        path: templateKey(workload),
        message: 'The sidecar outlives the app: the pod never completes.',
        restsOn: restsOn(workload),
        fix: {
          ...(goNative(workload, cluster.inputs) ?? {
            title: `leave the ${object.kind} out of the mesh`,
            certain: false,
            changes: [set(object, [...template.path, 'metadata', 'labels', injectLabel], 'false')],
          }),
          notes: [endNow(object)],
        },
      };
    }
  },
};

/** What is fixed is fixed for the next run: the one that hangs needs its sidecar told. */
function endNow({ kind, group, name, namespace }: KubeObject): Note {
  const pod = kind === 'Job' && group === 'batch' ? shellWord(`job/${name}`) : 'POD';
  return {
    text: 'A run that hangs now ends once its sidecar is told to:',
    command: `kubectl exec ${pod} -n ${shellWord(namespace)} -c istio-proxy -- pilot-agent request POST quitquitquit`,
  };
}
