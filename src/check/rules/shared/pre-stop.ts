import { type Dict, dict, int, list, text } from '../../read/values.ts';

/** How long a container's preStop hook takes, in seconds, as far as it says so: `sleep`, or `sleep N` in a command. */
export function preStopSeconds(container: Dict): number {
  const hook = dict(dict(container.lifecycle).preStop);
  const command = list(dict(hook.exec).command).map(text).join(' ');
  return int(dict(hook.sleep).seconds) ?? Number(/\bsleep\s+(\d+)/.exec(command)?.[1] ?? 0);
}
