import type { Closable } from '../lifecycle-options.ts';
import type { Drain } from './drain.ts';

/** Whatever has a close() that is fulfilled when all that was accepted has ended. */
export function createClosableDrain(closable: Closable, kind: string): Drain {
  const { name = kind } = closable;
  return {
    name,
    close: async () => closable.close(),
    cut() {
      closable.cut?.();
      return 1;
    },
  };
}
