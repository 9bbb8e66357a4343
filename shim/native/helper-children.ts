import type { System } from './system.ts';

/** The children that look names up, as long as nobody has reaped them: after that the number may be another process's. */
export interface HelperChildren {
  add(pid: number): void;
  /** Ends one and reaps it, unless it has ended before. */
  discard(pid: number): void;
  /** Reaps whatever has ended below this process, the orphans that PID 1 inherits too; tells of each, and of what has stopped. */
  reapAll(tell: ChildListener): void;
}

/** Told of a child that has ended or stopped, with the status as wait(2) has it. */
export type ChildListener = (pid: number, status: number) => void;

export const hasStopped = (status: number): boolean => (status & 0xff) === 0x7f;

export function createHelperChildren(system: System): HelperChildren {
  const helpers = new Set<number>();
  return {
    add: (pid) => void helpers.add(pid),
    discard(pid) {
      if (helpers.delete(pid)) system.discard(pid);
    },
    reapAll(tell) {
      for (let found = system.wait(-1); typeof found !== 'number'; found = system.wait(-1)) {
        if (!hasStopped(found[1])) helpers.delete(found[0]);
        tell(...found);
      }
    },
  };
}
