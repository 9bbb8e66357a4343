import type { Drain } from './drains/drain.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';

/** Whether the mesh may send somebody here: in a start that has not come so far there is nobody to wait for. */
export function isServed(drains: readonly Drain[], health: LifecycleOptions['health']): boolean {
  const serving = drains.map((drain) => drain.isServing?.());
  if (serving.includes(true)) return true;
  const isAllClosed = serving.length > 0 && serving.every((is) => is === false);
  return !isAllClosed && stateOf(health) !== 'starting';
}

function stateOf(health: LifecycleOptions['health']): string | undefined {
  try {
    return health?.state;
  } catch {
    return undefined;
  }
}
