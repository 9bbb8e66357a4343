import { constants } from 'node:os';
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { createClusterSide } from './cluster/cluster-side.ts';
import { timesOfWorker } from './cluster/messages.ts';
import { createDrain } from './drains/create-drain.ts';
import type { Drain } from './drains/drain.ts';
import { createClosableDrain } from './drains/drain-closable.ts';
import { createWebSocketDrain } from './drains/drain-web-sockets.ts';
import { isServed } from './is-served.ts';
import { lifecycleExitCodes } from './lifecycle-exit-codes.ts';
import type { LifecycleSettings } from './lifecycle-option-table.ts';
import type { DrainableServer, ShutdownHook } from './lifecycle-options.ts';
import { planShutdown, sidecarWarning, type Times } from './plan.ts';
import { join } from './registry.ts';
import { safeLogger } from './safe-logger.ts';
import { runShutdown } from './shutdown.ts';
import { isAtTerminal } from './signals/at-terminal.ts';
import { type DeferredListeners, deferListeners } from './signals/defer-listeners.ts';
import { createSignalJudge, sameSignalMs } from './signals/judge-signal.ts';
import { markAsOurs, noteOtherListeners, otherListenerNames } from './signals/other-listeners.ts';
import { watchProcessEnd } from './watch-process-end.ts';
import { within } from './within.ts';

export interface ProcessEnd {
  readonly signal: AbortSignal;
  addServer(server: DrainableServer): void;
  addHook(hook: ShutdownHook): void;
  begin(reason: string): Promise<number>;
  dispose(): void;
}

/** @param isPreload made by the preload: it goes when the app makes its own */
export function createProcessEnd(settings: LifecycleSettings, isPreload = false): ProcessEnd {
  const { signals, peerTimeoutMs } = settings;
  const logger = safeLogger(settings.logger, () => {
    faulty = true;
  });
  const drains: Drain[] = [
    ...settings.servers.map((server) => createDrain(server, peerTimeoutMs)),
    ...settings.webSockets.map((endpoint) => createWebSocketDrain(endpoint, peerTimeoutMs)),
  ];
  const consumers = settings.consumers.map((consumer) => createClosableDrain(consumer, 'consumer'));
  const hooks = settings.hooks.map(asRead);
  const abort = new AbortController();
  const judge = createSignalJudge();
  let own: Promise<number> | undefined;
  let ending: Promise<number> | undefined;
  let heard: NodeJS.Signals | undefined;
  let [uncaught, closing, warned, faulty] = [false, false, false, false];

  async function shutdown(reason: string, times: Times): Promise<number> {
    const plan = planShutdown(isServed(drains, settings.health) ? times : { ...times, drainDelayMs: 0 }, hooks);
    const { serveUntilMs, cutAtMs } = plan;
    logger.info({ reason, serveUntilMs, cutAtMs }, `shutting down: ${reason}`);
    const workers = cluster.drain(reason, { drainDelayMs: plan.closeAtMs, graceMs: serveUntilMs });
    const parts = {
      ...settings,
      ...{ logger, drains, hooks, consumers: [...consumers, ...workers] },
      begun: () => abort.abort(new Error(`shutting down: ${reason}`)),
      closing: () => {
        closing = true;
      },
      release: deferred && heard && ((limitMs: number, complete: boolean) => release(limitMs, complete)),
    };
    // Whatever the app has given to hang on, this is the end. Not referenced: all that is waited for is.
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      limit = setTimeout(resolve, plan.endAtMs, false).unref();
    });
    const complete = await Promise.race([runShutdown(parts, plan, reason), late]);
    clearTimeout(limit);
    // What was rejected in this turn of the loop counts as unhandled at its end only.
    await turn();
    if (uncaught) return lifecycleExitCodes.uncaughtError;
    return complete && !faulty ? lifecycleExitCodes.drained : lifecycleExitCodes.incomplete;
  }

  /** Listeners that were held back; those that return no promise may still end the process themselves. */
  async function release(limitMs: number, complete: boolean): Promise<void> {
    watch.expectExit(complete);
    const until = performance.now() + limitMs;
    let unsure = false;
    await within(limitMs, async () => {
      unsure = (await deferred?.release(heard as NodeJS.Signals)) ?? false;
    });
    if (unsure) await watch.untilIdle(until - performance.now());
  }

  function beginOwn(reason: string, times: Partial<Times> = {}): Promise<number> {
    own ??= shutdown(reason, { ...settings, ...times }).catch((err: unknown) => {
      logger.error({ err }, 'the shutdown failed');
      return lifecycleExitCodes.incomplete;
    });
    return own;
  }

  function begin(reason: string, times?: Partial<Times>, isNatural = false): Promise<number> {
    const start = async () => {
      // All lifecycles of a process end before it does.
      const codes = await Promise.all([
        beginOwn(reason, times),
        ...peers.others().map((other) => other.begin(reason).catch(() => lifecycleExitCodes.incomplete)),
      ]);
      const code = Math.max(...codes) || Number(process.exitCode ?? 0);
      for (const other of peers.others()) other.dispose();
      dispose();
      watch.exit(code, isNatural);
      return code;
    };
    ending ??= start();
    return ending;
  }

  const onSignal = markAsOurs((signal: NodeJS.Signals) => {
    const verdict = judge(signal, performance.now(), isAtTerminal);
    if (verdict === 'first') {
      heard = signal;
      if (!cluster.hasPrimary()) return void begin(signal);
      logger.debug({ signal }, `${signal}: the primary says when`);
      // It says nothing: the signal was for this worker alone.
      return void setTimeout(() => void begin(signal), sameSignalMs);
    }
    if (verdict !== 'impatient') return logger.debug({ signal }, `${signal} again: the shutdown goes on`);
    const code = 128 + constants.signals[signal];
    logger.warn(
      { signal, code },
      `${signal} while shutting down: ending at once, requests in flight are lost, exit code ${code}`,
    );
    watch.exit(code);
  });

  function onUncaught(err: unknown, origin: 'uncaughtException' | 'unhandledRejection') {
    // A wait of the start that heeds the signal rejects with its reason: that is how it should end.
    if (abort.signal.aborted && isOrComesOf(err, abort.signal.reason)) return;
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

  warnOfSidecar();
  const peers = join({ begin: beginOwn, isPreload, dispose: () => dispose() });
  if (peers.others().length > 0) {
    logger.warn(
      {},
      'createLifecycle was called more than once: all end together; use addServer() and addHook() of one',
    );
  }
  const cluster = createClusterSide(
    logger,
    (reason, times) => void begin(reason, timesOfWorker(times, settings.reserveMs)),
  );
  const watch = createWatch();
  const deferred: DeferredListeners | undefined = settings.deferListeners
    ? deferListeners(signals, onSignal)
    : undefined;
  // First of all: what another listener does then comes after the shutdown has begun.
  if (deferred === undefined) for (const signal of signals) process.prependListener(signal, onSignal);
  const stopNoting = noteOtherListeners(signals, logger, settings.deferListeners);
  // One listener for the errors: with it on uncaughtException, Node passes unhandled rejections there too.
  if (settings.uncaughtErrors) process.on('uncaughtException', onUncaught);

  function createWatch() {
    return watchProcessEnd({
      exit: settings.exit,
      logger,
      isEnding: () => own !== undefined,
      hasDuties: () => hooks.length + consumers.length > 0 || settings.quitSidecar !== undefined,
      otherListeners: () => otherListenerNames(signals),
      // Nobody is served any more.
      onIdle: () => void begin('the work is done', { drainDelayMs: 0 }, true),
    });
  }

  function dispose() {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('uncaughtException', onUncaught);
    deferred?.dispose();
    stopNoting();
    cluster.dispose();
    watch.dispose();
    peers.leave();
  }

  return {
    signal: abort.signal,
    addServer(server) {
      const drain = createDrain(server, peerTimeoutMs);
      drains.push(drain);
      if (closing)
        void drain.close().catch((err: unknown) => logger.error({ err }, `${drain.name} failed in the shutdown`));
    },
    addHook(hook) {
      hooks.push(asRead(hook));
      warnOfSidecar();
    },
    begin: (reason) => begin(reason),
    dispose,
  };
}

function isOrComesOf(error: unknown, reason: unknown): boolean {
  return error === reason || (error as { readonly cause?: unknown } | undefined | null)?.cause === reason;
}

/** As it is now: an object of the app may change, or throw, later. */
function asRead(hook: ShutdownHook): ShutdownHook {
  const { name, timeoutMs } = hook;
  return { name, timeoutMs, run: (context) => hook.run(context) };
}
