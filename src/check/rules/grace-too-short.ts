import { parseDuration } from '../../text/durations.ts';
import { set } from '../fix/fix.ts';
import { readEnvironment } from '../model/environment.ts';
import type { Container } from '../model/pod.ts';
import { int } from '../read/values.ts';
import { preStopSeconds } from './shared/pre-stop.ts';
import type { Rule } from './shared/rule.ts';

/** Of Kubernetes, and of createLifecycle. */
const defaultSeconds = 30;

export const graceTooShort: Rule = {
  id: 'grace-too-short',
  severity: 'warning',
  title: 'A preStop hook and a shutdown that do not fit into the terminationGracePeriodSeconds',
  why: 'Kubernetes counts the grace from the start of the preStop hook, not from SIGTERM. What the hook takes is missing at the end: SIGKILL comes while requests are served or before connections to databases are closed.',
  fix: 'A longer terminationGracePeriodSeconds, or a shorter hook. With mesh-shim/lifecycle-register, MESH_LIFECYCLE_PRE_STOP (`preStopMs` of createLifecycle) says how much of the grace the hook takes.',
  docs: [
    'It reads `sleep` hooks and `sleep N` in exec hooks; MESH_LIFECYCLE_GRACE and MESH_LIFECYCLE_PRE_STOP, where the container itself has them; and takes 30 s where mesh-shim/lifecycle-register is named in NODE_OPTIONS without a grace. The options of createLifecycle stand in code that it does not see.',
    'Source: "Container Lifecycle Hooks" of Kubernetes\' documentation: the grace period begins before the PreStop hook is executed.',
  ],
  *check(cluster) {
    for (const { object, template } of cluster.workloads) {
      const gracePath = [...template.path, 'spec', 'terminationGracePeriodSeconds'];
      const given = int(template.spec.terminationGracePeriodSeconds);
      const grace = given ?? defaultSeconds;
      for (const container of template.containers) {
        const { name, data, path } = container;
        const hook = preStopSeconds(data);
        const planned = plannedSeconds(container, hook);
        const needed = planned ?? (hook > 0 && hook >= grace ? hook + defaultSeconds : 0);
        if (needed <= grace) continue;
        const rest = hook >= grace ? 'no time is left for its shutdown' : `its shutdown is planned until ${needed} s`;
        yield {
          object,
          path: hook > 0 ? [...path, 'lifecycle', 'preStop'] : given === undefined ? path : gracePath,
          message: `"${name}" is killed ${grace} s after its end has begun: ${hook > 0 ? `its preStop hook takes ${hook} s, and ` : ''}${rest}.`,
          fix: {
            title: `raise terminationGracePeriodSeconds to ${needed}`,
            certain: false,
            changes: [set(object, gracePath, needed)],
          },
        };
      }
    }
  },
};

/** When the shutdown of the preload ends, counted from the start of the hook; undefined where the app is without it. */
function plannedSeconds({ data }: Container, hook: number): number | undefined {
  const env = readEnvironment(data, () => ({}));
  const seconds = (name: string) => {
    const ms = parseDuration(env.get(name) ?? '');
    return ms === undefined ? undefined : ms / 1000;
  };
  const isPreloaded = (env.get('NODE_OPTIONS') ?? '').includes('lifecycle-register');
  const grace = seconds('MESH_LIFECYCLE_GRACE') ?? (isPreloaded ? defaultSeconds : undefined);
  if (grace === undefined) return undefined;
  // The grace that is set has the hook in it as far as the plan knows of it.
  return Math.ceil(grace + Math.max(0, hook - (seconds('MESH_LIFECYCLE_PRE_STOP') ?? 0)));
}
