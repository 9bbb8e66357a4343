import { Agent, fetch as undiciFetch } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshFetch } from '../../src/http/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { runAbruptRollout } from '../helpers/abrupt-rollout.ts';
import { envoyMissing } from '../helpers/envoy.ts';

describe.skipIf(envoyMissing())('apps that end at once on SIGTERM, behind two real sidecars', () => {
  test('nothing fails but the POSTs that they ended with in their hands, and none is there twice', async () => {
    const dispatcher = new Agent();
    const meshFetch = createMeshFetch({ dispatcher, trustSidecar: 'istio-default-policy', logger: silentLogger });
    const result = await runAbruptRollout(20, meshFetch);
    await dispatcher.destroy();
    expect(result).toMatchObject({ failed: { GET: 0 }, readTwice: [] });
    expect(Object.keys(result.failures).filter((reason) => reason !== 'connection termination')).toEqual([]);
    expect(result.requests.POST).toBeGreaterThan(100);
    // In 20 restarts a few were under way.
    expect(result.failed.POST).toBeLessThan(20);
  });

  test('plain undici loses some that nobody got: the proof that the one above can fail', async () => {
    const dispatcher = new Agent();
    const result = await runAbruptRollout(20, (url, init) => undiciFetch(url, { ...init, dispatcher }));
    await dispatcher.destroy();
    expect(result.failures['remote connection failure']).toBeGreaterThan(0);
  });
});
