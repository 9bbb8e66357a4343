import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader, defaultsOf } from '../shared/option-table.ts';
import { type LifecycleSettings, lifecycleOptionTable } from './lifecycle-option-table.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';

const caller = 'createLifecycle';
const readTable = createOptionReader<LifecycleSettings>(lifecycleOptionTable);

/** @throws MeshOptionError for an unknown name, a value that is not accepted, or times that contradict each other */
export function readOptions(options: LifecycleOptions | undefined, inKubernetes: boolean): LifecycleSettings {
  const defaults = defaultsOf<LifecycleSettings>(lifecycleOptionTable, inKubernetes);
  const given = readTable(caller, options, { ...defaults, drainDelayMs: Number.NaN });
  const { preStopMs, reserveMs, graceMs } = given;
  // While the hook ran the mesh was learning already.
  const drainDelayMs = Number.isNaN(given.drainDelayMs)
    ? Math.max(0, defaults.drainDelayMs - preStopMs)
    : given.drainDelayMs;
  if (preStopMs + drainDelayMs + reserveMs < graceMs) return { ...given, drainDelayMs };
  throw new MeshOptionError(caller, {
    at: 'graceMs',
    value: graceMs,
    accepts: `more than preStopMs (${preStopMs}), drainDelayMs (${drainDelayMs}) and reserveMs (${reserveMs}) together`,
    got: `${graceMs}; raise graceMs and the pod's terminationGracePeriodSeconds, or lower the others`,
  });
}
