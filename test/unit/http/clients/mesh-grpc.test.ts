import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { createMeshCall, type GrpcCall, type MeshAdapterOptions } from '../../../../src/http/index.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';

const client = { getChannel: () => ({ getTarget: () => 'dns:orders:50051' }) };
const callOf = (options: MeshAdapterOptions = {}) =>
  createMeshCall(client, { backoffBaseMs: 0, arrivalBaseMs: 0, arrivalSpreadMs: 0, logger: silentLogger, ...options });
const unsent = { code: 14, details: 'No connection established. Last error: ECONNREFUSED' };
const broken = { code: 14, details: 'Connection dropped' };

/** A call that ends so, one after the other. */
function calls(...outcomes: readonly (object | string)[]) {
  let made = 0;
  const call: GrpcCall<string> = (done) => {
    const outcome = outcomes[Math.min(made, outcomes.length - 1)];
    made += 1;
    if (typeof outcome === 'string') done(null, outcome);
    else done(outcome);
  };
  return { call, made: () => made };
}

test.each<[string, object[], boolean | undefined, number]>([
  ['that was never sent is repeated', [unsent, unsent, unsent], undefined, 4],
  ['that may have arrived is not', [broken], undefined, 1],
  ['that may be done twice is', [broken, broken], true, 3],
  ['that the server has answered is not', [{ code: 5, details: 'not found' }], true, 1],
])('a call %s', async (_, failures, idempotent, count) => {
  const { call, made } = calls(...failures, 'hello');
  const ended = await callOf()(call, idempotent === undefined ? undefined : { idempotent }).catch(
    (error: unknown) => error,
  );
  expect(ended).toEqual(made() > failures.length ? 'hello' : failures.at(-1));
  expect(made()).toBe(count);
});

test('no error may be undefined as well', async () => {
  expect(await callOf()<string>((done) => done(undefined, 'hello'))).toBe('hello');
});

test('what throws before there is a call surfaces', async () => {
  const failure = new Error('cannot be serialized');
  await expect(
    callOf()(() => {
      throw failure;
    }),
  ).rejects.toBe(failure);
  await expect(callOf()((done) => done('text'))).rejects.toBe('text');
});

describe('words of a connection that was not established', () => {
  const relayed = (metadata: boolean) => {
    let made = 0;
    const call: GrpcCall<string> = (done) => {
      made += 1;
      const emitter = new EventEmitter();
      queueMicrotask(() => {
        if (metadata) emitter.emit('metadata', {});
        done({ ...unsent });
      });
      return emitter;
    };
    return { call, made: () => made };
  };

  test('are believed of a call without metadata', async () => {
    const { call, made } = relayed(false);
    await expect(callOf({ deadlineMs: 100 })(call)).rejects.toMatchObject(unsent);
    expect(made()).toBeGreaterThan(1);
  });

  test('and are those of the service where there was some', async () => {
    const { call, made } = relayed(true);
    await expect(callOf()(call)).rejects.toMatchObject(unsent);
    expect(made()).toBe(1);
  });
});

test('the log names the target, and a signal ends a pause', async () => {
  const stop = new AbortController();
  const info = vi.fn(() => stop.abort());
  const { call, made } = calls(unsent, 'hello');
  const asked = callOf({
    logger: { ...silentLogger, info },
    arrivalBaseMs: 60_000,
    arrivalCapMs: 60_000,
    deadlineMs: Number.POSITIVE_INFINITY,
  })(call, { signal: stop.signal });
  await expect(asked).rejects.toBe(unsent);
  expect(info.mock.calls[0]).toEqual([
    expect.objectContaining({ method: 'POST', origin: 'grpc://dns:orders:50051' }),
    expect.any(String),
  ]);
  expect(made()).toBe(1);
});
