import type { Cluster } from 'node:cluster';
import process from 'node:process';

/** Node's cluster module, without waiting for it: where it is not, there are no workers. */
export function findCluster(): Cluster | undefined {
  // Its default export is the module itself, with methods of its prototype.
  return process.getBuiltinModule?.('node:cluster') as unknown as Cluster | undefined;
}
