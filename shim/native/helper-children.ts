import type { System } from './system.ts';

/** The children that look names up, as long as nobody has reaped them: after that the number may be another process's. */
export interface HelperChildren {
  add(pid: number): void;
  /** Ends one and reaps it, unless it has ended before. */
  discard(pid: number): void;
  /** Reaps whatever has ended below this process, the orphans that PID 1 inherits too. */
  reapAll(): void;
}

export function createHelperChildren(system: System): HelperChildren {
  const helpers = new Set<number>();
  return {
    add: (pid) => void helpers.add(pid),
    discard(pid) {
      if (helpers.delete(pid)) system.discard(pid);
    },
    reapAll() {
      for (let found = system.wait(-1); typeof found !== 'number'; found = system.wait(-1)) helpers.delete(found[0]);
    },
  };
}
