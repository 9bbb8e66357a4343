import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { bodies } from '../helpers/bodies.ts';
import { envoyMissing, envoyVersions, startEnvoy } from '../helpers/envoy.ts';
import { type Running, runShim } from '../helpers/run-shim.ts';
import { type Sidecar, type SidecarOptions, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// The shim against a real Envoy whose configuration comes under our hand. The app makes one call through the sidecar, so that
// "started" means: its very first request passed.

describe.each(envoyVersions)('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version)).each(bodies)('and the shim, $name', (body) => {
    let sidecar: Sidecar;
    afterEach(() => sidecar.stop());
    const start = async (options: Omit<SidecarOptions, 'version'>) => {
      sidecar = await startSidecar({ ...options, version });
    };
    const app = () => [
      'node',
      '-e',
      `fetch('${sidecar.outboundUrl}').then(async (r) => console.log('first call:', r.status))`,
    ];
    const shim = (...flags: string[]): Running =>
      runShim(body, ['--mode', 'required', '--admin-url', sidecar.adminUrl, ...flags, '--', ...app()]);
    const live = async (): Promise<void> => {
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      await until('readiness', async () => (await fetch(sidecar.outboundUrl)).status === 200);
    };

    it.each(['istio', 'plain'] as const)(
      'holds the app back until a sidecar that starts carries traffic: %s',
      async (kind) => {
        await start({ kind });
        const running = shim();
        await running.saw(/is PRE_INITIALIZING/);
        sidecar.deliverClusters();
        await running.saw(/is INITIALIZING/);
        expect(running.stdout()).toBe('');
        expect(sidecar.upstreamRequests()).toBe(0);
        sidecar.deliverListeners();
        expect(await running.ended).toEqual({ code: 0, signal: null });
        expect(running.stdout()).toBe('first call: 200\n');
        expect(running.stderr()).toContain(kind === 'istio' ? '/healthz/ready says 200' : 'workers started');
      },
    );

    it('does not take a DRAINING sidecar for ready, although 15021 says 200', async () => {
      await start({ kind: 'istio' });
      await live();
      await fetch(`${sidecar.adminUrl}/healthcheck/fail`, { method: 'POST' });
      const running = shim();
      await running.saw(/is DRAINING/);
      expect((await fetch(sidecar.readyUrl)).status).toBe(200);
      await fetch(`${sidecar.adminUrl}/healthcheck/ok`, { method: 'POST' });
      expect(await running.ended).toEqual({ code: 0, signal: null });
    });

    it('does not believe LIVE of an Envoy that has rejected its listeners', async () => {
      await start({ kind: 'istio' });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
      const running = shim('--timeout', '1500ms');
      await running.saw(/LIVE, but .* says 503/);
      expect(await running.ended).toEqual({ code: 69, signal: null });
      expect(running.stderr()).toMatch(/not ready in time: waited 1\.\d s, \d+ probes, last: .*says 503.*rejected/);
    });

    it('goes by the readiness address alone where the admin is not there', async () => {
      await start({ kind: 'istio' });
      await live();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      const running = runShim(body, [
        ...['--mode', 'required', '--admin-url', 'http://127.0.0.1:1', '--ready-url', sidecar.readyUrl, '--', ...app()],
      ]);
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(running.stderr()).toContain('ECONNREFUSED');
    });

    it('does not wait longer than its limit for an Envoy that is frozen, and starts once it thaws', async () => {
      await start({ kind: 'istio' });
      await live();
      sidecar.envoy.freeze();
      const bounded = shim('--timeout', '800ms');
      expect(await bounded.ended).toEqual({ code: 69, signal: null });
      expect(bounded.stderr()).toContain('has not answered');
      const patient = shim('--probe-timeout', '300ms');
      await patient.saw(/no answer within 300 ms/);
      sidecar.envoy.thaw();
      expect(await patient.ended).toEqual({ code: 0, signal: null });
    });

    it('starts the app once a sidecar that went away has come back', async () => {
      await start({ kind: 'istio' });
      const running = shim();
      await running.saw(/is PRE_INITIALIZING/);
      await sidecar.envoy.stop();
      await running.saw(/ECONNREFUSED/);
      const again = await startEnvoy({ config: sidecar.bootstrap, version, admin: { port: sidecar.envoy.adminPort } });
      onTestFinished(() => again.stop());
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(running.stdout()).toBe('first call: 200\n');
    });

    it('really ends the Envoy that it tells to quit, after the app', async () => {
      await start({ kind: 'plain' });
      await live();
      const running = shim('--quit', 'always');
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(running.stdout()).toBe('first call: 200\n');
      expect(await sidecar.envoy.exited).toEqual({ code: 0, signal: null });
    });

    it('says in status what the sidecar says of itself', async () => {
      await start({ kind: 'istio' });
      const status = (...flags: string[]) => runShim(body, ['status', '--admin-url', sidecar.adminUrl, ...flags]);
      const before = status('--json');
      expect(await before.ended).toEqual({ code: 1, signal: null });
      expect(JSON.parse(before.stdout())).toMatchObject({
        ready: false,
        state: 'PRE_INITIALIZING',
        workersStarted: false,
      });
      await live();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      const after = status('--json');
      expect(await after.ended).toEqual({ code: 0, signal: null });
      expect(JSON.parse(after.stdout())).toMatchObject({
        mesh: 'istio',
        ready: true,
        state: 'LIVE',
        meshVersion: '1.31.0',
        workersStarted: true,
        listeners: { active: 2, rejected: 0 },
        certificates: { count: 0 },
      });
      const text = status();
      await text.ended;
      expect(text.stdout()).toMatch(/^mesh: +istio 1\.31\.0\nready: +yes: LIVE, .*says 200\nstate: +LIVE\n/);
      expect(text.stdout()).toMatch(/since: +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ \(up for \d+/);
    });
  });
});
