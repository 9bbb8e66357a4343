import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { ownBuilds } from '../helpers/builds.ts';
import { envoyMissing, startEnvoy, testedEnvoys } from '../helpers/envoy.ts';
import { type Running, runShim } from '../helpers/run-shim.ts';
import { type Sidecar, type SidecarOptions, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// The shim against a real Envoy whose configuration comes under our hand. The app makes one call through the sidecar, so that
// "started" means: its very first request passed.

describe.each(testedEnvoys())('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version)).each(ownBuilds)('and the shim, $name', (build) => {
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
      runShim(build, ['--mode', 'required', '--admin-url', sidecar.adminUrl, ...flags, '--', ...app()]);
    const live = async (): Promise<void> => {
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      await until('readiness', async () => (await fetch(sidecar.outboundUrl)).status === 200);
    };
    /** Awaits the reason in the log and then more questions of the shim's: a false ready would have started the app by then. */
    const isHeldBack = async (running: Running, reason: RegExp): Promise<void> => {
      await running.saw(reason);
      const before = await adminRequests(sidecar);
      let ours = 0;
      await until('more questions', async () => (await adminRequests(sidecar)) - before - ++ours >= 10);
      expect(running.stdout()).toBe('');
      expect(running.child.exitCode).toBeNull();
    };

    it.each(['istio', 'plain'] as const)(
      'holds the app back until a sidecar that starts carries traffic: %s',
      async (kind) => {
        await start({ kind });
        const running = shim();
        await isHeldBack(running, /is PRE_INITIALIZING/);
        sidecar.deliverClusters();
        await isHeldBack(running, /is INITIALIZING/);
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
      await isHeldBack(running, /is DRAINING/);
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

    it('nor of a plain Envoy whose listeners have not come, or were rejected', async () => {
      await start({ kind: 'plain' });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
      const running = shim();
      await isHeldBack(running, /LIVE, but no listeners have been received/);
      sidecar.deliverListeners();
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(running.stdout()).toBe('first call: 200\n');
    });

    it('nor of one whose listeners have been closed, unless told to', async () => {
      await start({ kind: 'plain' });
      await live();
      await fetch(`${sidecar.adminUrl}/drain_listeners`, { method: 'POST' });
      const running = shim('--timeout', '1s');
      expect(await running.ended).toEqual({ code: 69, signal: null });
      expect(running.stderr()).toMatch(/LIVE, but no listener is open; .*--proof live starts without/);
      const anyway = runShim(build, [
        '--mode',
        'required',
        '--admin-url',
        sidecar.adminUrl,
        '--proof',
        'live',
        '--',
        'true',
      ]);
      expect(await anyway.ended).toEqual({ code: 0, signal: null });
    });

    it('goes by the readiness address alone where the admin is not there', async () => {
      await start({ kind: 'istio' });
      await live();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      const running = runShim(build, [
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

    it('leaves the Envoy alone while the app runs', async () => {
      await start({ kind: 'plain' });
      await live();
      const flags = ['--quit', 'always', '--admin-url', sidecar.adminUrl];
      const running = runShim(build, [...flags, '--', 'sh', '-c', 'echo runs; read -r line; exit 7']);
      await running.saw(/runs/);
      expect((await fetch(sidecar.outboundUrl)).status).toBe(200);
      running.child.stdin?.end('\n');
      expect(await running.ended).toEqual({ code: 7, signal: null });
      expect(running.stderr()).toContain('told the sidecar to quit');
      expect(await sidecar.envoy.exited).toEqual({ code: 0, signal: null });
    });

    it('really ends the Envoy that it tells to quit, after the app', async () => {
      await start({ kind: 'plain' });
      await live();
      const running = shim('--quit', 'always');
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(running.stdout()).toBe('first call: 200\n');
      expect(await sidecar.envoy.exited).toEqual({ code: 0, signal: null });
    });
  });
});

/** How many requests the admin has got, this one included: Envoy counts them. */
async function adminRequests({ adminUrl }: Sidecar): Promise<number> {
  const text = await (await fetch(`${adminUrl}/stats?filter=^http.admin.downstream_rq_total$`)).text();
  return Number(text.trim().split(': ')[1]);
}
