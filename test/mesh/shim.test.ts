import { afterEach, describe, expect, test } from 'vitest';
import { type Body, bodies } from '../helpers/bodies.ts';
import { envoyMissing, startEnvoy } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { type Running, runShim } from '../helpers/run-shim.ts';
import { type Sidecar, type SidecarOptions, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// The shim as it is shipped, beside a real Envoy.

const callUpstream = `
  console.log('app started');
  fetch(process.argv[1]).then(async (reply) => console.log(reply.status, (await reply.text()).trim()),
    (error) => { console.log(error.cause?.code ?? error); process.exitCode = 1; });`;

describe.skipIf(envoyMissing()).each(bodies)('beside a real Envoy: $name', (body) => {
  let sidecar: Sidecar;
  const start = async (options: SidecarOptions) => {
    sidecar = await startSidecar(options);
  };
  afterEach(() => sidecar.stop());

  /** The app's first act is a request through the sidecar. */
  const app = () => [process.execPath, '-e', callUpstream, sidecar.outboundUrl];
  const shim = (...args: string[]): Running => {
    const [flags, command] = split(args);
    return runShim(body, [...flags, '--mode', 'required', '--admin-url', sidecar.adminUrl, ...command]);
  };
  const becomeLive = async () => {
    sidecar.deliverClusters();
    sidecar.deliverListeners();
    await until('traffic', async () => (await fetch(sidecar.outboundUrl)).status === 200);
  };
  const startDrain = () => fetch(`${sidecar.adminUrl}/healthcheck/fail`, { method: 'POST' });

  /** Awaits the reason in the log and then more probes: a false ready would show by now. */
  const isHeldBack = async (run: Running, reason: RegExp) => {
    await run.saw(reason);
    const before = await adminRequests(sidecar);
    let ours = 0;
    await until('more probes', async () => (await adminRequests(sidecar)) - before - ++ours >= 10);
    expect(run.stdout()).toBe('');
    expect(run.child.exitCode).toBeNull();
  };

  describe('an Istio sidecar', () => {
    test('holds the app back in PRE_INITIALIZING and INITIALIZING; LIVE, its first request arrives', async () => {
      await start({ kind: 'istio' });
      const run = shim('--', ...app());
      await isHeldBack(run, /waiting for sidecar: the sidecar is PRE_INITIALIZING/);
      sidecar.deliverClusters();
      await isHeldBack(run, /waiting for sidecar: the sidecar is INITIALIZING/);
      sidecar.deliverListeners();
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe('app started\n200 hello from the upstream\n');
      expect(run.stderr()).toMatch(/sidecar ready after .*: LIVE, http:\/\/localhost:\d+\/healthz\/ready says 200/);
      expect(sidecar.upstreamRequests()).toBe(1);
    });

    test('in DRAINING is not ready, although port 15021 says 200', async () => {
      await start({ kind: 'istio' });
      await becomeLive();
      await startDrain();
      expect((await fetch(sidecar.readyUrl)).status).toBe(200);
      const run = shim('--ready-url', sidecar.readyUrl, '--', ...app());
      await isHeldBack(run, /the sidecar is DRAINING/);
      await fetch(`${sidecar.adminUrl}/healthcheck/ok`, { method: 'POST' });
      expect(await run.ended).toEqual({ code: 0, signal: null });
    });

    test('that rejected its listeners is not ready, although LIVE; the time-out says where to look', async () => {
      await start({ kind: 'istio' });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
      const run = shim('--timeout', '1s', '--', ...app());
      expect(await run.ended).toEqual({ code: 69, signal: null });
      expect(run.stdout()).toBe('');
      expect(run.stderr()).toMatch(/the sidecar is LIVE, but http:\S+ says 503 \(listeners or clusters not received/);
      expect(run.stderr()).toMatch(/not ready in time: waited .*, \d+ probes.*look for rejected listeners/);
    });

    test('with a locked admin is ready by port 15021 alone', async () => {
      await start({ kind: 'istio' });
      const locked = `http://127.0.0.1:${await freePort()}`;
      const flags = ['--mode', 'required', '--admin-url', locked, '--ready-url', sidecar.readyUrl];
      const run = runShim(body, [...flags, '--', ...app()]);
      await run.saw(/waiting for sidecar: .*ECONNREFUSED/);
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toContain('200 hello from the upstream');
      expect(run.stderr()).toMatch(/ready after .*healthz\/ready says 200; .*ECONNREFUSED/);
    });

    test('frozen, costs the time limit and no more', async () => {
      await start({ kind: 'istio' });
      sidecar.envoy.freeze();
      const run = shim('--probe-timeout', '200ms', '--timeout', '1s', '--', ...app());
      expect(await run.ended).toEqual({ code: 69, signal: null });
      expect(run.stdout()).toBe('');
      expect(run.stderr()).toMatch(/not ready in time: waited [1-9]/);
    });

    test('frozen for a while, is ready once it goes on', async () => {
      await start({ kind: 'istio' });
      await becomeLive();
      sidecar.envoy.freeze();
      const run = shim('--probe-timeout', '200ms', '--', ...app());
      await run.saw(/waiting for sidecar: .*no answer/);
      expect(run.stdout()).toBe('');
      sidecar.envoy.thaw();
      expect(await run.ended).toEqual({ code: 0, signal: null });
    });

    test('that goes away during the wait and comes back is waited for anew', async () => {
      await start({ kind: 'istio' });
      const run = shim('--', ...app());
      await run.saw(/the sidecar is PRE_INITIALIZING/);
      await sidecar.envoy.stop();
      await run.saw(/waiting for sidecar: .*ECONNREFUSED/);
      expect(run.stdout()).toBe('');
      const again = await startEnvoy({ config: sidecar.bootstrap, admin: { port: sidecar.envoy.adminPort } });
      try {
        sidecar.deliverClusters();
        sidecar.deliverListeners();
        expect(await run.ended).toEqual({ code: 0, signal: null });
        expect(run.stdout()).toBe('app started\n200 hello from the upstream\n');
      } finally {
        await again.stop();
      }
    });
  });

  describe('a plain Envoy', () => {
    test('is ready once its workers have started', async () => {
      await start({ kind: 'plain' });
      const run = shim('--', ...app());
      await isHeldBack(run, /the sidecar is PRE_INITIALIZING/);
      sidecar.deliverClusters();
      await isHeldBack(run, /the sidecar is INITIALIZING/);
      sidecar.deliverListeners();
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe('app started\n200 hello from the upstream\n');
      expect(run.stderr()).toMatch(/LIVE, workers started/);
    });

    test('is ended by --quit always after the app, whose exit code stays', async () => {
      await start({ kind: 'plain' });
      await becomeLive();
      const run = shim('--quit', 'always', '--', 'sh', '-c', 'exit 7');
      expect(await run.ended).toEqual({ code: 7, signal: null });
      expect(run.stderr()).toMatch(/told the sidecar to quit/);
      expect(await sidecar.envoy.exited).toEqual({ code: 0, signal: null });
    });

    test('stays while the app runs, and without --quit after it', async () => {
      await start({ kind: 'plain' });
      await becomeLive();
      expect(await shim('--', ...app()).ended).toEqual({ code: 0, signal: null });
      const run = shim('--quit', 'always', '--', 'sh', '-c', 'echo runs; read -r line');
      await run.saw(/runs/);
      expect((await fetch(sidecar.outboundUrl)).status).toBe(200);
      run.child.stdin?.end('\n');
      await run.ended;
      await sidecar.envoy.exited;
    });

    test('is ended by the command quit', async () => {
      await start({ kind: 'plain' });
      expect(await shimCommand(body, 'quit', '--mesh', 'envoy', '--admin-url', sidecar.adminUrl).ended).toEqual({
        code: 0,
        signal: null,
      });
      await sidecar.envoy.exited;
    });
  });

  describe('the commands', () => {
    test('wait ends with 0 once the sidecar is ready', async () => {
      await start({ kind: 'istio' });
      const run = shimCommand(body, 'wait', '--mode', 'required', '--admin-url', sidecar.adminUrl);
      await isHeldBack(run, /the sidecar is PRE_INITIALIZING/);
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      expect(await run.ended).toEqual({ code: 0, signal: null });
    });

    test('probe asks port 15021', async () => {
      await start({ kind: 'istio' });
      expect((await shimCommand(body, 'probe', sidecar.readyUrl).ended).code).toBe(1);
      await becomeLive();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      expect((await shimCommand(body, 'probe', sidecar.readyUrl).ended).code).toBe(0);
    });

    test('status says why the sidecar is not ready, then what it has', async () => {
      await start({ kind: 'istio' });
      const before = shimCommand(body, 'status', '--admin-url', sidecar.adminUrl);
      expect(await before.ended).toEqual({ code: 1, signal: null });
      expect(before.stdout()).toMatch(/^mesh: +istio 1\.31\.0\n.*^ready: +no: .*PRE_INITIALIZING/ms);
      expect(before.stdout()).toMatch(/^state: +PRE_INITIALIZING$/m);

      await becomeLive();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      const after = shimCommand(body, 'status', '--admin-url', sidecar.adminUrl);
      expect(await after.ended).toEqual({ code: 0, signal: null });
      expect(after.stdout()).toMatch(/^ready: +yes: LIVE, http.* says 200$/m);
      expect(after.stdout()).toMatch(/^version: +\S*\/1\.40\.0\//m);
      expect(after.stdout()).toMatch(/^since: +\d{4}-\d\d-\d\dT.*\(up for /m);
      expect(after.stdout()).toMatch(/^workers: +started$/m);
      expect(after.stdout()).toMatch(/^listeners: +2 active, \d+ updates received$/m);
      expect(after.stdout()).toMatch(/^clusters: +3 active, \d+ updates received$/m);
      expect(after.stdout()).toMatch(/^certificates: +none$/m);
    });

    test('status --json tells of rejected listeners', async () => {
      await start({ kind: 'istio' });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
      const run = shimCommand(body, 'status', '--json', '--admin-url', sidecar.adminUrl);
      expect(await run.ended).toEqual({ code: 1, signal: null });
      expect(JSON.parse(run.stdout())).toMatchObject({
        mesh: 'istio',
        ready: false,
        state: 'LIVE',
        meshVersion: '1.31.0',
        nodeId: 'sidecar~10.0.0.1~app-1.default~default.svc.cluster.local',
        workersStarted: true,
        listeners: { rejected: expect.toSatisfy((count: number) => count > 0) },
        clusters: { active: 3, rejected: 0 },
        certificates: { count: 0, daysUntilExpiration: null },
      });
    });

    test('status --json of a plain Envoy', async () => {
      await start({ kind: 'plain' });
      await becomeLive();
      const run = shimCommand(body, 'status', '--json', '--admin-url', sidecar.adminUrl);
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(JSON.parse(run.stdout())).toMatchObject({
        mesh: 'envoy',
        ready: true,
        state: 'LIVE',
        meshVersion: null,
        nodeId: 'plain-envoy',
        workersStarted: true,
        listeners: { active: 1, rejected: 0 },
      });
    });
  });
});

function shimCommand(body: Body, ...args: string[]): Running {
  return runShim(body, args);
}

function split(args: readonly string[]): [string[], string[]] {
  const at = args.indexOf('--');
  return [args.slice(0, at), args.slice(at)];
}

/** How many requests the admin has answered: Envoy counts them. */
async function adminRequests({ adminUrl }: Sidecar): Promise<number> {
  const text = await (await fetch(`${adminUrl}/stats?filter=^http.admin.downstream_rq_total$`)).text();
  return Number(text.trim().split(': ')[1]);
}
