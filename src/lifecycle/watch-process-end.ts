import process from 'node:process';
import type { Logger } from '../shared/logger.ts';
import type { LifecycleSettings } from './lifecycle-option-table.ts';
import { defaultExit } from './lifecycle-option-table.ts';

interface Watched extends Pick<LifecycleSettings, 'exit'> {
  readonly logger: Logger;
  /** The shutdown has begun. */
  readonly isEnding: () => boolean;
  /** There is something to do before the process ends. */
  readonly hasDuties: () => boolean;
  readonly otherListeners: () => readonly string[];
  /** Nothing is left to do: the process ends by itself. */
  readonly onIdle: () => void;
}

/** Sees how the process ends, whoever ends it. */
export interface EndWatch {
  /** Ends it; where nothing is left but to end (`isNatural`), Node may do that, which knows more codes. */
  exit(code: number, isNatural?: boolean): void;
  /** From now on others may end it: `complete` says whether all that came before went well. */
  expectExit(complete: boolean): void;
  /** Waits until nothing is left to do, but not longer than this. */
  untilIdle(limitMs: number): Promise<void>;
  dispose(): void;
}

/** What keeps a process open that has done its work. */
const naturalEndMs = 500;

export function watchProcessEnd({ exit, logger, isEnding, hasDuties, otherListeners, onIdle }: Watched): EndWatch {
  let hasEnded = false;
  let expected: boolean | undefined;

  const end = (code: number) => {
    hasEnded = true;
    try {
      exit(code);
    } catch (err) {
      logger.error({ err }, 'the option exit failed');
      process.exit(code === 0 ? 1 : code);
    }
  };
  const onBeforeExit = () => {
    if (!isEnding() && hasDuties()) onIdle();
  };
  const onExit = (code: number) => {
    if (hasEnded) return;
    if (!isEnding()) {
      if (!hasDuties()) return;
      const advice = 'let the process end by itself, or await lifecycle.shutdown()';
      logger.warn({ code }, `process.exit(${code}) was called: hooks were not run and no sidecar was told; ${advice}`);
      return;
    }
    if (expected === undefined) {
      const listeners = otherListeners();
      const suspects = listeners.length === 0 ? 'the app' : `the app, perhaps ${listeners.join(', ')}`;
      logger.error(
        { code, listeners },
        `process.exit(${code}) was called by ${suspects} before the shutdown had ended`,
      );
    }
    if (code === 0 && expected !== true) process.exitCode = 1;
  };
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);

  return {
    exit(code, isNatural = false) {
      if (!isNatural || code !== 0 || exit !== defaultExit) return end(code);
      hasEnded = true;
      setTimeout(end, naturalEndMs, code).unref();
    },
    expectExit(complete) {
      expected = complete;
    },
    untilIdle: (limitMs) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          process.off('beforeExit', done);
          resolve();
        };
        const timer = setTimeout(done, Math.max(0, limitMs)).unref();
        process.on('beforeExit', done);
      }),
    dispose() {
      process.off('beforeExit', onBeforeExit);
      process.off('exit', onExit);
    },
  };
}
