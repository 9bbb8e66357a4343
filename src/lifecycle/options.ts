import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader, defaultsOf } from '../shared/option-table.ts';
import { type LifecycleSettings, lifecycleOptionTable } from './lifecycle-option-table.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';

const caller = 'createLifecycle';
const readTable = createOptionReader<LifecycleSettings>(lifecycleOptionTable);

/** @throws MeshOptionError for an unknown name, a value that is not accepted, or times that contradict each other */
export function readOptions(options: LifecycleOptions | undefined, inKubernetes: boolean): LifecycleSettings {
  const settings = readTable(caller, options, defaultsOf<LifecycleSettings>(lifecycleOptionTable, inKubernetes));
  const { drainDelayMs, reserveMs, graceMs } = settings;
  if (drainDelayMs + reserveMs < graceMs) return settings;
  throw new MeshOptionError(caller, {
    at: 'graceMs',
    value: graceMs,
    accepts: `more than drainDelayMs (${drainDelayMs}) and reserveMs (${reserveMs}) together`,
    got: `${graceMs}; raise graceMs and the pod's terminationGracePeriodSeconds, or lower the others`,
  });
}
