import { describe, expect, test, vi } from 'vitest';
import { createMeshInterceptor, type MeshAdapterOptions } from '../../../../src/http/index.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';

// What the interceptor does with grpc-js is in test/network/http; here the next call down is played.

const metadataOf = (map: object = {}) => ({ getMap: () => map, clone: () => metadataOf(map) });
type Metadata = ReturnType<typeof metadataOf>;

interface Listener {
  onReceiveMetadata?(metadata: Metadata): void;
  onReceiveMessage?(message: unknown): void;
  onReceiveStatus?(status: object): void;
}

/** What a call down there receives: a status, or a message; with metadata before it where it says so. */
interface Outcome {
  readonly code: number;
  readonly details?: string;
  readonly message?: unknown;
  readonly received?: boolean;
}

const unsent = { code: 14, details: 'No connection established. Last error: connect ECONNREFUSED' };
const broken = { code: 14, details: 'Connection dropped' };
const hello = { code: 0, message: 'hello', received: true };
const unary = { path: '/test.Echo/Say', requestStream: false, responseStream: false };

function play(
  outcomes: readonly (Outcome | 'hangs' | 'throws')[],
  options: MeshAdapterOptions = {},
  isIdempotent?: (path: string) => boolean,
) {
  const downs: { sent: unknown[]; cancel: ReturnType<typeof vi.fn>; headers: object }[] = [];
  const next = () => {
    const outcome = outcomes[Math.min(downs.length, outcomes.length - 1)];
    if (outcome === 'throws') throw new Error('an interceptor further down');
    const sent: unknown[] = [];
    let listener: Listener = {};
    const finish = ({ received, message, ...status }: Outcome) => {
      if (received) listener.onReceiveMetadata?.(metadataOf({ a: 'reply' }));
      if (message !== undefined) listener.onReceiveMessage?.(message);
      listener.onReceiveStatus?.({ details: '', metadata: metadataOf(), ...status });
    };
    const cancel = vi.fn((code: number, details: string) => finish({ code, details }));
    const down = { sent, cancel, headers: {} as object };
    downs.push(down);
    return {
      start(metadata: Metadata, given: Listener) {
        down.headers = metadata.getMap();
        listener = given;
      },
      sendMessage: (message: unknown) => void sent.push(message),
      halfClose: () => {
        sent.push('end');
        if (typeof outcome === 'object') queueMicrotask(() => finish(outcome));
      },
      cancelWithStatus: cancel,
      getPeer: () => `peer ${downs.length}`,
      getAuthContext: () => `auth ${downs.length}`,
    };
  };
  const interceptor = createMeshInterceptor(
    { backoffBaseMs: 0, arrivalBaseMs: 0, arrivalSpreadMs: 0, logger: silentLogger, ...options },
    isIdempotent,
  );
  const made = (deadline?: Date | number) =>
    interceptor({ method_definition: unary, deadline }, next) as Record<string, (...given: unknown[]) => unknown>;
  return { downs, made };
}

/** Makes a call as grpc-js does, and gives what its listener is told, in order. */
function ask(call: Record<string, (...given: unknown[]) => unknown>, headers = {}): Promise<unknown[]> {
  const told: unknown[] = [];
  return new Promise((resolve) => {
    const listener = {
      // grpc-js's own listeners need to be called as methods.
      told,
      onReceiveMetadata(metadata: Metadata) {
        this.told.push(metadata.getMap());
      },
      onReceiveMessage(message: unknown) {
        this.told.push(message);
      },
      onReceiveStatus({ code, details }: { code: number; details: string }) {
        this.told.push(code === 0 ? 'ok' : `${code} ${details}`);
        resolve(this.told);
      },
    };
    call.start?.(metadataOf(headers), listener);
    call.sendMessage?.('hi');
    call.halfClose?.();
  });
}

const ok = [{ a: 'reply' }, 'hello', 'ok'];

test.each<[string, Outcome[], boolean, number, unknown[]]>([
  ['that was never sent is repeated', [unsent, unsent, unsent, unsent, hello], false, 5, ok],
  ['that may have arrived is not', [broken, hello], false, 1, ['14 Connection dropped']],
  ['that may be done twice is', [broken, hello], true, 2, ok],
  ['that may be done twice is, some times', [broken], true, 3, ['14 Connection dropped']],
  [
    'that the server has answered is not',
    [{ code: 5, details: 'x', received: true }],
    true,
    1,
    [{ a: 'reply' }, '5 x'],
  ],
  [
    'that relays the words of another client is not',
    [{ ...unsent, received: true }, hello],
    false,
    1,
    [{ a: 'reply' }, `14 ${unsent.details}`],
  ],
])('a call %s', async (_, outcomes, idempotent, count, told) => {
  const isIdempotent = vi.fn(() => idempotent);
  const { downs, made } = play(outcomes, {}, isIdempotent);
  expect(await ask(made())).toEqual(told);
  expect(downs.map(({ sent }) => sent)).toEqual(Array(count).fill(['hi', 'end']));
  expect(isIdempotent.mock.calls).toEqual([['/test.Echo/Say']]);
});

test('each real call gets the metadata, and a key in it promises that it may be repeated', async () => {
  const { downs, made } = play([broken, hello]);
  expect(await ask(made(), { 'idempotency-key': '1' })).toEqual(ok);
  expect(downs.map(({ headers }) => headers)).toEqual(Array(2).fill({ 'idempotency-key': '1' }));
});

test('streams are passed on as they are', () => {
  const interceptor = createMeshInterceptor();
  for (const some of [{ requestStream: true }, { responseStream: true }]) {
    const next = vi.fn(() => 'next');
    const options = { method_definition: { ...unary, ...some } };
    expect(interceptor(options, next)).toBe('next');
    expect(next.mock.calls).toEqual([[options]]);
  }
});

test('a message with a context', async () => {
  const { downs, made } = play([hello]);
  const call = made();
  const callback = vi.fn();
  const told = await new Promise((resolve) => {
    call.start?.(metadataOf(), { onReceiveStatus: resolve });
    call.sendMessageWithContext?.({ callback }, 'hi');
    call.sendMessageWithContext?.({}, 'hi');
    call.startRead?.();
    call.halfClose?.();
  });
  expect(told).toMatchObject({ code: 0 });
  expect(callback).toHaveBeenCalledTimes(1);
  expect(downs[0]?.sent).toEqual(['hi', 'end']);
});

test('who asks for the peer gets that of the last call', async () => {
  const { made } = play([unsent, hello]);
  const call = made();
  expect([call.getPeer?.(), call.getAuthContext?.()]).toEqual(['unknown', null]);
  await ask(call);
  expect([call.getPeer?.(), call.getAuthContext?.()]).toEqual(['peer 2', 'auth 2']);
});

test('what throws further down is told as a status', async () => {
  expect(await ask(play(['throws']).made())).toEqual(['13 an interceptor further down']);
});

describe('a call is ended', () => {
  const patient = { arrivalBaseMs: 60_000, arrivalCapMs: 60_000, deadlineMs: Number.POSITIVE_INFINITY };

  test('by cancel, in a pause', async () => {
    const info = vi.fn();
    const { downs, made } = play([unsent, hello], { ...patient, logger: { ...silentLogger, info } });
    const call = made();
    const told = ask(call);
    await vi.waitFor(() => expect(info).toHaveBeenCalled());
    call.cancelWithStatus?.(1, 'Cancelled on client');
    call.cancelWithStatus?.(4, 'too late');
    expect(await told).toEqual(['1 Cancelled on client']);
    expect(downs).toHaveLength(1);
    expect(downs[0]?.cancel).not.toHaveBeenCalled();
    expect(info.mock.calls[0]?.[0]).toMatchObject({ origin: 'grpc://test.Echo', path: '/Say', method: 'POST' });
  });

  test('by cancel, while it is under way', async () => {
    const { downs, made } = play(['hangs']);
    const call = made();
    const told = ask(call);
    await vi.waitFor(() => expect(downs).toHaveLength(1));
    call.cancelWithStatus?.(1, 'Cancelled on client');
    expect(await told).toEqual(['1 Cancelled on client']);
    expect(downs[0]?.cancel.mock.calls).toEqual([[1, 'Cancelled on client']]);
  });

  test.each([
    ['a date', () => new Date(Date.now() + 20)],
    ['a number', () => Date.now() + 20],
  ])('by its own deadline, in a pause: %s', async (_, deadline) => {
    const { downs, made } = play([unsent, hello], patient);
    expect(await ask(made(deadline()))).toEqual([`14 ${unsent.details}`]);
    expect(downs).toHaveLength(1);
  });
});
