import { afterEach, describe, expect, it } from 'vitest';
import { waitForMesh } from '../../src/index.ts';
import { envoyMissing, testedEnvoys } from '../helpers/envoy.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { type Sidecar, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// Against a real Envoy whose configuration comes under our hand: "ready" means that a first call through it passes.

describe.each(testedEnvoys())('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version))('and the library', () => {
    let sidecar: Sidecar;
    afterEach(() => sidecar.stop());

    it.each(['istio', 'plain'] as const)('waitForMesh resolves when traffic flows: %s', async (kind) => {
      sidecar = await startSidecar({ kind, version });
      const reasons: string[] = [];
      let settled = false;
      const waiting = waitForMesh({
        adminUrl: sidecar.adminUrl,
        mode: 'required',
        onProgress: ({ reason }) => reasons.push(reason),
      }).finally(() => {
        settled = true;
      });
      await until('PRE_INITIALIZING', () => reasons.some((reason) => reason.includes('PRE_INITIALIZING')));
      sidecar.deliverClusters();
      await until('INITIALIZING', () => reasons.some((reason) => reason.includes('is INITIALIZING')));
      expect(settled).toBe(false);
      sidecar.deliverListeners();
      const result = await waiting;
      expect((await fetch(sidecar.outboundUrl)).status).toBe(200);
      expect(result).toMatchObject({
        kind: 'ready',
        sidecars: [{ proof: expect.stringContaining(kind === 'istio' ? 'says 200' : 'workers started') }],
      });
    });

    it('waitForMesh does not believe LIVE of an Envoy that has rejected its listeners', async () => {
      sidecar = await startSidecar({ kind: 'istio', version });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
      const waiting = waitForMesh({ adminUrl: sidecar.adminUrl, mode: 'required', timeoutMs: 1_500 });
      await expect(waiting).rejects.toThrow(/last: .*says 503.*rejected/);
    });

    it('the preload holds the app back until its first call passes', async () => {
      sidecar = await startSidecar({ kind: 'istio', version });
      const call = `fetch('${sidecar.outboundUrl}').then((reply) => console.log('first call:', reply.status))`;
      const run = runCommand([process.execPath, '--import', './dist/register.mjs', '-e', call], {
        env: { MESH_SHIM_ADMIN_URL: sidecar.adminUrl, MESH_SHIM_MODE: 'required' },
      });
      await run.saw(/is PRE_INITIALIZING/);
      sidecar.deliverClusters();
      await run.saw(/is INITIALIZING/);
      expect(run.stdout()).toBe('');
      sidecar.deliverListeners();
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe('first call: 200\n');
    });
  });
});
