import process from 'node:process';
import { assertArgument } from '../shared/option-table.ts';
import { drainable, hook as hookOptions } from './lifecycle-option-table.ts';
import type { DrainableServer, LifecycleOptions, ShutdownHook } from './lifecycle-options.ts';
import { readOptions } from './options.ts';
import { createProcessEnd } from './process-end.ts';

export interface Lifecycle {
  /** Aborted when the shutdown starts: for loops that fetch work, streams that never end, and waits of the start. */
  readonly signal: AbortSignal;
  /**
   * For a server that is made later than the lifecycle.
   *
   * @throws MeshOptionError for what is not a server
   */
  addServer(server: DrainableServer): void;
  /** @throws MeshOptionError for what is not a hook */
  addHook(hook: ShutdownHook): void;
  /**
   * Starts the shutdown without a signal. The process ends with it; where the option `exit` does not end it, this is fulfilled with the
   * exit code.
   */
  shutdown(reason?: string): Promise<number>;
  /** Takes its handlers off the process again. */
  dispose(): void;
}

/**
 * Takes over how this process ends: on SIGTERM or SIGINT it says that it is not ready, goes on serving while the mesh
 * learns of it, ends connections without losing a request, runs hooks, and exits. Signals that repeat the first are the same; only a
 * person's second Ctrl-C ends it at once.
 *
 * A program that ends by itself runs its hooks and tells its sidecar, too. One that calls `process.exit()` does not: nothing can wait then.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createLifecycle(options?: LifecycleOptions): Lifecycle {
  const settings = readOptions(options, process.env.KUBERNETES_SERVICE_HOST !== undefined);
  const end = createProcessEnd(settings);
  return {
    signal: end.signal,
    addServer(server) {
      assertArgument('Lifecycle.addServer', 'server', drainable, server);
      end.addServer(server);
    },
    addHook(hook) {
      assertArgument('Lifecycle.addHook', 'hook', hookOptions, hook);
      end.addHook(hook);
    },
    shutdown: (reason = 'asked for by the app') => end.begin(reason),
    dispose: end.dispose,
  };
}
