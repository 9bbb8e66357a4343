import { constants } from 'node:os';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { assertArgument } from '../shared/option-table.ts';
import { createServerDrain } from './drain-server.ts';
import { drainable, hook as hookOptions } from './lifecycle-option-table.ts';
import type { DrainableServer, LifecycleOptions, ShutdownHook } from './lifecycle-options.ts';
import { readOptions } from './options.ts';
import { planShutdown, sidecarWarning } from './plan.ts';
import { quitSidecar } from './quit-sidecar.ts';
import { runHooks } from './run-hooks.ts';
import { within } from './within.ts';

/** How a process ends that {@link createLifecycle} brought down. A second signal ends it with 128 + the signal's number. */
export const lifecycleExitCodes = {
  /** Everything was served and every hook ended in time. */
  drained: 0,
  /** A hook failed or exceeded its limit, or connections had to be cut. */
  incomplete: 1,
  /** An uncaught error or an unhandled rejection was the cause (EX_SOFTWARE of sysexits.h). */
  uncaughtError: 70,
} as const;

export interface Lifecycle {
  /** Aborted when the shutdown starts: for loops that fetch work, and for connections that may end by themselves. */
  readonly signal: AbortSignal;
  /** @throws MeshOptionError for what is not a server */
  addServer(server: DrainableServer): void;
  /** @throws MeshOptionError for what is not a hook */
  addHook(hook: ShutdownHook): void;
  /** Starts the shutdown without a signal. Fulfilled with the exit code, just before the process ends. */
  shutdown(reason?: string): Promise<number>;
  /** Takes its handlers off the process again. */
  dispose(): void;
}

/**
 * Takes over how this process ends: on SIGTERM or SIGINT it says that it is not ready, goes on serving while the mesh
 * learns of it, ends connections without losing a request, runs hooks, and exits. A second signal ends it at once.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createLifecycle(options?: LifecycleOptions): Lifecycle {
  const settings = readOptions(options, process.env.KUBERNETES_SERVICE_HOST !== undefined);
  const { logger, health, exit } = settings;
  const drains = settings.servers.map(createServerDrain);
  const hooks = [...settings.hooks];
  const abort = new AbortController();
  let ending: Promise<number> | undefined;
  let uncaught = false;
  let warned = false;

  warnOfSidecar();

  async function shutdown(reason: string): Promise<number> {
    const startedAt = performance.now();
    const elapsedMs = () => performance.now() - startedAt;
    const plan = planShutdown(settings, hooks);
    logger.info({ reason, ...plan }, `shutting down: ${reason}`);
    let complete = true;

    health?.setState('draining');
    abort.abort(new Error(`shutting down: ${reason}`));
    await delay(settings.drainDelayMs);

    const closed = Promise.all(drains.map((drain) => drain.close()));
    for (const { clients } of settings.webSockets) {
      for (const client of clients) client.close(1001, 'the server is shutting down');
    }
    await within(plan.serveUntilMs - elapsedMs(), () => closed);

    const failed = await runHooks(hooks, settings.hookTimeoutMs, logger, () => plan.cutAtMs - elapsedMs());
    if (failed.length > 0) complete = false;

    if (!(await within(Math.max(0, plan.cutAtMs - elapsedMs()), () => closed))) {
      const count = drains.reduce((sum, drain) => sum + drain.cut(), 0);
      logger.warn(
        { count },
        `${count} connections were still open ${Math.round(elapsedMs())} ms after "${reason}" and were cut`,
      );
      complete = false;
    }

    if (settings.quitSidecar !== undefined) complete = (await tellSidecar()) && complete;
    await within(500, async () => health?.close());
    if (uncaught) return lifecycleExitCodes.uncaughtError;
    return complete ? lifecycleExitCodes.drained : lifecycleExitCodes.incomplete;
  }

  async function tellSidecar(): Promise<boolean> {
    const { quitSidecar: told } = settings;
    try {
      const inTime = await within(settings.reserveMs, async () =>
        typeof told === 'string' ? quitSidecar(told) : told?.(),
      );
      if (!inTime) logger.error({}, `the sidecar was not told to quit within ${settings.reserveMs} ms`);
      return inTime;
    } catch (err) {
      logger.error({ err }, 'the sidecar was not told to quit and stays');
      return false;
    }
  }

  function begin(reason: string): Promise<number> {
    ending ??= shutdown(reason).then((code) => {
      dispose();
      exit(code);
      return code;
    });
    return ending;
  }

  function onSignal(signal: NodeJS.Signals) {
    if (ending === undefined) return void begin(signal);
    const code = 128 + constants.signals[signal];
    logger.warn(
      { signal, code },
      `${signal} while shutting down: ending at once, requests in flight are lost, exit code ${code}`,
    );
    exit(code);
  }

  function onUncaught(err: unknown, origin: 'uncaughtException' | 'unhandledRejection') {
    uncaught = true;
    logger.error({ err, origin }, `${origin}, shutting down`);
    void begin(origin);
  }

  function warnOfSidecar() {
    const warning = warned ? undefined : sidecarWarning(settings, hooks);
    if (warning === undefined) return;
    warned = true;
    logger.warn({}, warning);
  }

  // One listener for the errors: with it on uncaughtException, Node passes unhandled rejections there too.
  for (const signal of settings.signals) process.on(signal, onSignal);
  if (settings.uncaughtErrors) process.on('uncaughtException', onUncaught);
  function dispose() {
    for (const signal of settings.signals) process.off(signal, onSignal);
    process.off('uncaughtException', onUncaught);
  }

  return {
    signal: abort.signal,
    addServer(server) {
      assertArgument('Lifecycle.addServer', 'server', drainable, server);
      drains.push(createServerDrain(server));
    },
    addHook(hook) {
      assertArgument('Lifecycle.addHook', 'hook', hookOptions, hook);
      hooks.push(hook);
      warnOfSidecar();
    },
    shutdown: (reason = 'asked for by the app') => begin(reason),
    dispose,
  };
}
