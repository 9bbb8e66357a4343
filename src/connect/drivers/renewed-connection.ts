import { failureText } from '../../shared/failure-text.ts';
import { pause } from '../../shared/pause.ts';
import { closeQuietly } from '../cut-off.ts';
import type { DriverSettings } from './driver-options.ts';
import { createOutageLog } from './outage-log.ts';

/** A connection that is made again whenever it is lost, with what the app has set up on it. */
export interface RenewedConnection<Value> {
  /** What `setup` has made on the connection that stands; undefined while there is none. */
  readonly current: Value | undefined;
  /**
   * `current`, as soon as there is one. Ask for it each time: what it gives is of no use once its connection is lost.
   *
   * @throws an Error once `close` has been called
   */
  ready(): Promise<Value>;
  /** Closes the connection, and makes no other. */
  close(): Promise<void>;
}

/** A connection that stands. */
export interface StandingConnection<Value> {
  readonly value: Value;
  /** Fulfilled when it is of no more use, with why. */
  readonly lost: Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** A connection that lasts less is one failure in a row of them: the next one waits longer. */
const steadyMs = 10_000;
/** After a failure that repetition cannot cure. It is tried again all the same: somebody may put it right. */
const fatalPauseMs = 30_000;

/** @param open makes the next connection, for as long as it takes; rejects for what repetition cannot cure */
export function keepRenewed<Value>(
  first: StandingConnection<Value>,
  open: (signal: AbortSignal) => Promise<StandingConnection<Value>>,
  { name, logger, backoffBaseMs, backoffCapMs }: DriverSettings,
): RenewedConnection<Value> {
  const closing = new AbortController();
  const log = createOutageLog({ name, logger });
  let standing: StandingConnection<Value> | undefined = first;
  const waiting: { resolve(value: Value): void; reject(error: Error): void }[] = [];

  const next = async (): Promise<StandingConnection<Value>> => {
    for (;;) {
      try {
        return await open(closing.signal);
      } catch (failure) {
        closing.signal.throwIfAborted();
        logger.error(
          { subject: name, err: failure },
          `${name}: trying again in ${fatalPauseMs / 1000} s: ${failureText(failure)}`,
        );
        await pause(fatalPauseMs, [closing.signal]);
      }
    }
  };

  const renew = async (): Promise<void> => {
    let inARow = 0;
    for (let connection = first; ; connection = standing) {
      const madeAt = performance.now();
      const reason = await connection.lost;
      if (closing.signal.aborted) return;
      standing = undefined;
      log.lost(reason);
      await closeQuietly(undefined, connection.close);
      inARow = performance.now() - madeAt < steadyMs ? inARow + 1 : 0;
      await pause(Math.random() * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(inARow, 50)), [closing.signal]);
      standing = await next();
      log.back();
      const { value } = standing;
      for (const { resolve } of waiting.splice(0)) resolve(value);
    }
  };
  renew().catch(() => {}); // ends by closing only

  const closed = () => new Error(`${name}: this connection has been closed`);
  return {
    get current() {
      return standing?.value;
    },
    ready() {
      if (standing) return Promise.resolve(standing.value);
      if (closing.signal.aborted) return Promise.reject(closed());
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async close() {
      const last = standing;
      standing = undefined;
      closing.abort(closed());
      for (const { reject } of waiting.splice(0)) reject(closed());
      if (last) await closeQuietly(undefined, last.close);
    },
  };
}
