import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import {
  ConnectAttemptTimeoutError,
  ConnectDeadlineError,
  ConnectFatalError,
  connectWithRetry,
} from '../../../src/connect/index.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';
import { until } from '../../helpers/until.ts';

const fast = { backoffBaseMs: 1, backoffCapMs: 2 };
const never = () => new Promise<never>(() => {});

function recordingLogger() {
  const lines: { level: string; fields: object; message: string }[] = [];
  const log = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } };
}

const failing = (times: number, error: () => unknown) => {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw error();
    return `connection ${calls}`;
  };
};
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const wrongPassword = () => Object.assign(new Error('password authentication failed'), { code: '28P01' });

describe('connectWithRetry', () => {
  it('resolves with the first connection, of which there is nothing to tell', async () => {
    const { logger, lines } = recordingLogger();
    expect(await connectWithRetry(failing(0, refused), { logger })).toBe('connection 1');
    expect(lines).toEqual([]);
  });

  it('tries again until it works, and says why and when', async () => {
    const { logger, lines } = recordingLogger();
    expect(await connectWithRetry(failing(3, refused), { ...fast, name: 'orders', logger })).toBe('connection 4');
    expect(lines.map(({ level }) => level)).toEqual(['info', 'debug', 'debug', 'info']);
    expect(lines[0]?.message).toMatch(/^orders: not connected, trying again in \d ms: connect ECONNREFUSED$/);
    expect(lines[0]?.fields).toMatchObject({ subject: 'orders', attempts: 1, reason: 'connect ECONNREFUSED' });
    expect(lines[3]?.message).toBe('orders: connected at attempt 4');
  });

  it('stops at once at what repetition cannot cure', async () => {
    const attempt = vi.fn(failing(9, wrongPassword));
    const error = await connectWithRetry(attempt, { ...fast, name: 'orders' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectFatalError);
    expect(error).toMatchObject({
      code: 'MESH_CONNECT_FATAL',
      reason: 'wrong password',
      attempts: 1,
      subject: 'orders',
    });
    expect((error as Error).cause).toMatchObject({ code: '28P01' });
    expect((error as Error).message).toMatch(
      /^orders: wrong password; not tried again \(1 attempt in \d\.\d s\): password authentication failed$/,
    );
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('asks the caller what is fatal', async () => {
    const options = { ...fast, fatal: () => undefined };
    expect(await connectWithRetry(failing(2, wrongPassword), options)).toBe('connection 3');
  });

  it('lets a mistake in the program surface as it is', async () => {
    for (const mistake of [
      new TypeError('x is not a function'),
      new MeshOptionError('f', { at: 'x', value: 1, accepts: 'y' }),
    ]) {
      await expect(connectWithRetry(failing(9, () => mistake))).rejects.toBe(mistake);
    }
  });

  const foreign = "Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })";
  it.each<[string, () => unknown, string]>([
    ['an error of another realm', () => runInNewContext(foreign), 'connect ECONNREFUSED'],
    ['a string', () => 'starting up', 'starting up'],
    [
      'the condition of an AMQP 1.0 peer',
      () => ({ condition: 'amqp:connection:forced', description: 'starting' }),
      'amqp:connection:forced: starting',
    ],
    ['an object of no known shape', () => ({ state: 'recovering' }), '{"state":"recovering"}'],
    ['an object without a prototype', () => Object.create(null), '{}'],
    ['nothing', () => undefined, 'no attempt ended'],
    ["fetch's network error", () => new TypeError('fetch failed', { cause: refused() }), 'fetch failed'],
    [
      'a network error of a name with several addresses',
      () => Object.assign(new Error(''), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
  ])('tries again after %s, asks what is fatal, and keeps it as the cause', async (_, make, text) => {
    const { logger, lines } = recordingLogger();
    const thrown = make();
    const asked: unknown[] = [];
    const fatal = (failure: unknown) => void asked.push(failure);
    expect(
      await connectWithRetry(
        failing(2, () => thrown),
        { ...fast, logger, fatal },
      ),
    ).toBe('connection 3');
    expect(asked).toEqual([thrown, thrown]);
    expect(lines[0]?.fields).toMatchObject({ reason: text });

    const late = await connectWithRetry(
      failing(1e9, () => thrown),
      { ...fast, deadlineMs: 20 },
    ).catch((error) => error);
    expect(late).toBeInstanceOf(ConnectDeadlineError);
    expect(late.cause).toBe(thrown);
    expect(late.message).toContain(`: ${text}`);

    const final = await connectWithRetry(
      failing(9, () => thrown),
      { ...fast, fatal: () => 'over' },
    ).catch((error) => error);
    expect(final).toBeInstanceOf(ConnectFatalError);
    expect(final).toMatchObject({ attempts: 1, reason: 'over' });
    expect(final.cause).toBe(thrown);
  });

  it('lets a mistake surface whatever its realm, and asks what is fatal first', async () => {
    const mistake = runInNewContext("new TypeError('x is not a function')");
    const asked: unknown[] = [];
    const options = { ...fast, fatal: (failure: unknown) => void asked.push(failure) };
    await expect(
      connectWithRetry(
        failing(9, () => mistake),
        options,
      ),
    ).rejects.toBe(mistake);
    expect(asked).toEqual([mistake]);
  });

  it('cuts an attempt off at its limit, and tries again', async () => {
    const signals: AbortSignal[] = [];
    const connection = await connectWithRetry(
      async ({ signal, attempt }) => {
        signals.push(signal);
        return attempt === 1 ? never() : 'connected';
      },
      { ...fast, attemptTimeoutMs: 20 },
    );
    expect(connection).toBe('connected');
    expect(signals[0]?.reason).toBeInstanceOf(ConnectAttemptTimeoutError);
    // A connection that stands is not cut by the signal that made it.
    expect(signals[1]?.aborted).toBe(false);
  });

  it('closes a connection that comes after its attempt was cut off', async () => {
    const closed: string[] = [];
    let arrive = (_: string) => {};
    const late = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const connection = await connectWithRetry(({ attempt }) => (attempt === 1 ? late : Promise.resolve('second')), {
      ...fast,
      attemptTimeoutMs: 20,
      close: (one) => {
        closed.push(one);
        throw new Error('of no interest');
      },
    });
    expect(connection).toBe('second');
    arrive('first');
    await until('the late connection to be closed', () => closed.length === 1);
    expect(closed).toEqual(['first']);
  });

  it('ends at the deadline, with the last failure', async () => {
    vi.useFakeTimers();
    try {
      vi.advanceTimersByTime(5_000);
      const { logger, lines } = recordingLogger();
      const options = { ...fast, name: 'orders', deadlineMs: 40, logger };
      const outcome = connectWithRetry(failing(1e9, refused), options).catch((reason) => reason);
      await vi.advanceTimersByTimeAsync(40);
      const error = await outcome;
      const { attempts, message } = error;
      expect(message).toContain(`(${attempts} attempts in 0.0 s)`);
      const fields = { subject: 'orders', attempts, elapsedMs: 40, err: error };
      expect(lines.at(-1)).toEqual({ level: 'warn', fields, message });
      expect(error).toBeInstanceOf(ConnectDeadlineError);
      expect(error).toMatchObject({ code: 'MESH_CONNECT_DEADLINE', elapsedMs: 40, cause: { code: 'ECONNREFUSED' } });
      expect(error.attempts).toBeGreaterThan(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends at the deadline in the middle of the first attempt', async () => {
    let cut: AbortSignal | undefined;
    const hanging = ({ signal }: { signal: AbortSignal }) => {
      cut = signal;
      return never();
    };
    const error = await connectWithRetry(hanging, { deadlineMs: 20 }).catch((reason) => reason);
    expect(error.message).toMatch(/not connected within the deadline of 20 ms \(1 attempt in .*\): no attempt ended/);
    expect(cut?.aborted).toBe(true);
  });

  it("heeds the caller's signal before, during an attempt and during a pause", async () => {
    const reason = new Error('shutting down');
    const attempt = vi.fn(never);
    await expect(connectWithRetry(attempt, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(attempt).not.toHaveBeenCalled();

    const during = new AbortController();
    let cut: AbortSignal | undefined;
    const running = connectWithRetry(
      ({ signal }) => {
        cut = signal;
        return never();
      },
      { signal: during.signal },
    );
    during.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(cut?.reason).toBe(reason);

    const pausing = new AbortController();
    const { logger, lines } = recordingLogger();
    const options = { backoffBaseMs: 1e9, backoffCapMs: 1e9, signal: pausing.signal, logger };
    const paused = connectWithRetry(failing(9, refused), options);
    await until('the pause', () => lines.length === 1);
    pausing.abort('any value');
    await expect(paused).rejects.toBe('any value');
    // The caller knows why; nothing more is told.
    expect(lines).toHaveLength(1);
  });

  it('leaves no timer and no listener behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    await connectWithRetry(failing(3, refused), { ...fast, signal: controller.signal });
    await connectWithRetry(failing(3, wrongPassword), { ...fast, signal: controller.signal }).catch(() => {});
    // One of a file that ran before may have ended meanwhile.
    expect(timers()).toBeLessThanOrEqual(before);
    expect(added.mock.calls.length).toBe(removed.mock.calls.length);
  });

  it('spreads those who fail together: pauses go down to 0 and up to a bound that doubles', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    try {
      const { logger, lines } = recordingLogger();
      await connectWithRetry(failing(4, refused), { backoffBaseMs: 4, backoffCapMs: 10, logger });
      expect(lines.slice(0, 4).map(({ fields }) => (fields as { pauseMs: number }).pauseMs)).toEqual([2, 4, 5, 5]);
    } finally {
      random.mockRestore();
    }
  });
});
