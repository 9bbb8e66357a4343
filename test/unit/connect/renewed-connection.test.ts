import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRenewed, type StandingConnection } from '../../../src/connect/drivers/renewed-connection.ts';
import { silentLogger } from '../../../src/shared/logger.ts';

function standing(value: string) {
  let lose = (_: unknown) => {};
  const lost = new Promise<unknown>((resolve) => {
    lose = resolve;
  });
  const close = vi.fn(async () => {});
  const connection: StandingConnection<string> = { value, lost, close };
  return { connection, lose: (reason: unknown) => lose(reason), close };
}

const settings = { name: 'broker', logger: silentLogger, backoffBaseMs: 100, backoffCapMs: 2_000 } as never;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1); // the longest pause each time
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a renewed connection', () => {
  it('closes what is lost, and gives what comes next to those who wait', async () => {
    const [first, second] = [standing('first'), standing('second')];
    const renewed = keepRenewed(first.connection, async () => second.connection, settings);
    expect(renewed.current).toBe('first');
    expect(await renewed.ready()).toBe('first');
    first.lose('gone');
    await vi.advanceTimersByTimeAsync(0);
    expect(renewed.current).toBeUndefined();
    expect(first.close).toHaveBeenCalledTimes(1);
    const waiting = Promise.all([renewed.ready(), renewed.ready()]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waiting).toEqual(['second', 'second']);
    expect(renewed.current).toBe('second');
  });

  it('waits longer each time while connections do not last, and as before once one has', async () => {
    const made: number[] = [];
    let last = standing('0');
    const open = async () => {
      made.push(Date.now());
      last = standing(String(made.length));
      return last.connection;
    };
    keepRenewed(last.connection, open, settings);
    const pauses: number[] = [];
    for (const lastsMs of [0, 0, 9_999, 0, 0, 10_000]) {
      await vi.advanceTimersByTimeAsync(lastsMs);
      const lostAt = Date.now();
      last.lose('gone');
      await vi.advanceTimersByTimeAsync(2_000);
      pauses.push((made.at(-1) ?? 0) - lostAt);
    }
    // The pause of 2000 ms after the loss counts as life of the next one.
    expect(pauses).toEqual([200, 400, 100, 200, 400, 100]);
  });

  it('says what repetition cannot cure, and tries it again after half a minute', async () => {
    const error = vi.fn();
    const [first, second] = [standing('first'), standing('second')];
    const open = vi.fn(async () => second.connection).mockRejectedValueOnce(new Error('wrong password'));
    const renewed = keepRenewed(first.connection, open, {
      ...(settings as object),
      logger: { ...silentLogger, error },
    } as never);
    first.lose('gone');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(error.mock.calls.map(([, message]) => message)).toEqual(['broker: trying again in 30 s: wrong password']);
    expect(open).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(renewed.current).toBe('second');
  });

  it('makes none once it is closed: those who wait are told, and the attempt under way is ended', async () => {
    const first = standing('first');
    let cut: AbortSignal | undefined;
    const open = (signal: AbortSignal) => {
      cut = signal;
      return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const renewed = keepRenewed(first.connection, open, settings);
    first.lose('gone');
    await vi.advanceTimersByTimeAsync(1_000);
    const waiting = expect(renewed.ready()).rejects.toThrow('broker: this connection has been closed');
    await renewed.close();
    await waiting;
    expect(cut?.aborted).toBe(true);
    await expect(renewed.ready()).rejects.toThrow('has been closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes the one that stands, and does not take its end for a loss', async () => {
    const first = standing('first');
    const open = vi.fn();
    const renewed = keepRenewed(first.connection, open, settings);
    await renewed.close();
    expect(first.close).toHaveBeenCalledTimes(1);
    first.lose('closed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open).not.toHaveBeenCalled();
    expect(renewed.current).toBeUndefined();
  });
});
