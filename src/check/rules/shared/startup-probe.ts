import { type Dict, dict, int, isDict } from '../../read/values.ts';

/** Seconds for which a livenessProbe lets nothing answer; a container that is held back must get through the start of a sidecar. */
export function livenessPatience(container: Dict): number {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = dict(container.livenessProbe);
  return (int(initialDelaySeconds) ?? 0) + (int(periodSeconds) ?? 10) * (int(failureThreshold) ?? 3);
}

/** The startupProbe that a container needs when it is held back; undefined where it has one, or no livenessProbe that would kill it. */
export function startupProbeFor(container: Dict): Dict | undefined {
  // A key without a value is none: `livenessProbe:` has nothing to be asked.
  if (!isDict(container.livenessProbe) || isDict(container.startupProbe)) return undefined;
  if (livenessPatience(container) >= 60) return undefined;
  const { initialDelaySeconds: _, ...action } = dict(container.livenessProbe);
  return { ...action, periodSeconds: 2, failureThreshold: 60 };
}
