import { describe, expect, test } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { type RolloutKind, type RolloutSignal, runRollout } from '../helpers/rollout.ts';

const options = { restarts: 3, requestsPerSecond: 100, drainDelayMs: 1000 };

describe.skipIf(envoyMissing())('a roll-out under load behind a real Envoy', () => {
  test('no request fails with the lifecycle', async () => {
    const result = await runRollout({ ...options, lifecycle: true });
    expect(result.requests).toBeGreaterThan(100);
    expect(result.failures).toEqual({});
  });

  test.each<[RolloutKind, RolloutSignal]>([
    ['HTTP/2', 'once'],
    ['WebSocket', 'once'],
    ['gRPC', 'once'],
    ['HTTP/1.1', 'again'],
    ['cluster', 'group'],
  ])('nor one of %s, the signal given %s', async (kind, signal) => {
    const result = await runRollout({ ...options, lifecycle: true, kind, signal });
    expect(result.requests).toBeGreaterThan(100);
    expect(result.failures).toEqual({});
  });

  test('requests fail without it: the proof that the one above can fail', async () => {
    expect((await runRollout({ ...options, lifecycle: false })).failed).toBeGreaterThan(0);
  });
});
