import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../shared/logger.ts';
import type { Drain } from './drains/drain.ts';
import type { LifecycleSettings } from './lifecycle-option-table.ts';
import type { ShutdownHook } from './lifecycle-options.ts';
import type { ShutdownPlan } from './plan.ts';
import { quitSidecar } from './quit-sidecar.ts';
import { runHooks } from './run-hooks.ts';
import { within } from './within.ts';

/** What a shutdown brings to its end. */
export interface ShutdownParts extends Pick<LifecycleSettings, 'health' | 'hookTimeoutMs' | 'quitSidecar'> {
  /** They serve through the drain delay. */
  readonly drains: readonly Drain[];
  /** They stop at the signal. */
  readonly consumers: readonly Drain[];
  readonly hooks: readonly ShutdownHook[];
  /** Says that it has begun. */
  readonly begun: () => void;
  /** Says that what is added from now on comes too late to serve. */
  readonly closing: () => void;
  /** Calls the listeners that were held back. */
  readonly release: ((limitMs: number, complete: boolean) => Promise<unknown>) | undefined;
  readonly logger: Logger;
}

/**
 * Goes through the plan. Nothing that the app has given can stop it: what throws is logged and passed over, what hangs is left behind.
 *
 * @returns whether all went well; it never rejects
 */
export async function runShutdown(parts: ShutdownParts, plan: ShutdownPlan, reason: string): Promise<boolean> {
  const { logger } = parts;
  const startedAt = performance.now();
  const leftUntil = (ms: number) => Math.max(0, ms - (performance.now() - startedAt));
  let complete = true;

  const failed = (what: string) => (err: unknown) => {
    complete = false;
    logger.error({ err }, `${what} failed in the shutdown; going on`);
  };
  const guarded = async (what: string, work: () => unknown) => {
    try {
      await work();
    } catch (err) {
      failed(what)(err);
    }
  };
  /** Those that have not ended. */
  const open = new Set<Drain>();
  const close = async (drain: Drain) => {
    open.add(drain);
    try {
      await drain.close();
    } catch (err) {
      failed(drain.name)(err);
      cut(drain);
    }
    open.delete(drain);
  };
  const cut = (drain: Drain): number => {
    try {
      return drain.cut();
    } catch (err) {
      failed(drain.name)(err);
      return 1;
    }
  };

  await guarded('health', () => void parts.health?.setState('draining'));
  await guarded('the signal', parts.begun);
  const consumed = parts.consumers.map(close);

  await delay(plan.announceAtMs);
  for (const drain of parts.drains) await guarded(drain.name, () => drain.announce?.());
  await delay(leftUntil(plan.closeAtMs));
  parts.closing();
  const closed = Promise.all([...consumed, ...parts.drains.map(close)]);
  await within(leftUntil(plan.serveUntilMs), () => closed);

  const late = await runHooks(parts.hooks, parts.hookTimeoutMs, logger, () => leftUntil(plan.cutAtMs));
  if (late.length > 0) complete = false;
  const { release } = parts;
  if (release !== undefined) {
    await guarded('another listener of the signal', () =>
      release(Math.min(parts.hookTimeoutMs, leftUntil(plan.cutAtMs)), complete),
    );
  }

  if (!(await within(leftUntil(plan.cutAtMs), () => closed))) {
    const names = [...open].map(({ name }) => name);
    const count = [...open].reduce((sum, drain) => sum + cut(drain), 0);
    logger.warn(
      { count, names },
      `${count} connections were still open ${Math.round(performance.now() - startedAt)} ms after "${reason}" and were cut`,
    );
    complete = false;
  }

  const isTold = await tellSidecar(parts, leftUntil(plan.endAtMs));
  await guarded('health', async () => {
    const inTime = await within(Math.min(500, leftUntil(plan.endAtMs)), async () => parts.health?.close());
    if (!inTime) throw new Error('close() did not end');
  });
  return complete && isTold;
}

async function tellSidecar({ quitSidecar: told, logger }: ShutdownParts, limitMs: number): Promise<boolean> {
  if (told === undefined) return true;
  try {
    const inTime = await within(limitMs, async () => (typeof told === 'string' ? quitSidecar(told) : told()));
    if (!inTime) logger.error({}, `the sidecar was not told to quit within ${Math.round(limitMs)} ms`);
    return inTime;
  } catch (err) {
    logger.error({ err }, 'the sidecar was not told to quit and stays');
    return false;
  }
}
