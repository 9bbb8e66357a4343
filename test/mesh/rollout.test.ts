import { describe, expect, test } from 'vitest';
import { envoyMissing } from '../helpers/envoy.ts';
import { runRollout } from '../helpers/rollout.ts';

const options = { restarts: 3, requestsPerSecond: 100, drainDelayMs: 1000 };

describe.skipIf(envoyMissing())('a roll-out under load behind a real Envoy', () => {
  test('no request fails with the lifecycle', async () => {
    const result = await runRollout({ ...options, lifecycle: true });
    expect(result.requests).toBeGreaterThan(100);
    expect(result.failures).toEqual({});
  });

  test('requests fail without it: the proof that the one above can fail', async () => {
    expect((await runRollout({ ...options, lifecycle: false })).failed).toBeGreaterThan(0);
  });
});
