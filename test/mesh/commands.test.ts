import { afterEach, describe, expect, it } from 'vitest';
import { ownBuilds } from '../helpers/builds.ts';
import { envoyMissing, testedEnvoys } from '../helpers/envoy.ts';
import { type Running, runShim } from '../helpers/run-shim.ts';
import { type Sidecar, type SidecarOptions, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// The commands beside `run`, each against a real Envoy.

const succeeded = { code: 0, signal: null };
const notReady = { code: 1, signal: null };

describe.each(testedEnvoys())('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version)).each(ownBuilds)('and the commands of the shim, $name', (build) => {
    let sidecar: Sidecar;
    afterEach(() => sidecar.stop());
    const start = async (kind: SidecarOptions['kind']) => {
      sidecar = await startSidecar({ kind, version });
    };
    const command = (name: string, ...flags: string[]): Running =>
      runShim(build, [name, '--admin-url', sidecar.adminUrl, ...flags]);
    const saysLive = () => until('LIVE', async () => (await fetch(`${sidecar.adminUrl}/ready`)).status === 200);
    const becomeReady = async (): Promise<void> => {
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      await until('traffic', async () => (await fetch(sidecar.outboundUrl)).status === 200);
    };
    const readyUrlSays200 = () => until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);

    it('wait ends with 0 once the sidecar is ready, and starts nothing', async () => {
      await start('istio');
      const running = command('wait', '--mode', 'required');
      await running.saw(/is PRE_INITIALIZING/);
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      expect(await running.ended).toEqual(succeeded);
      expect(running.stdout()).toBe('');
    });

    it('probe says what 15021 says', async () => {
      await start('istio');
      const before = runShim(build, ['probe', sidecar.readyUrl]);
      expect(await before.ended).toEqual(notReady);
      expect(before.stderr()).toMatch(/^mesh-shim: unhealthy: .*ECONNREFUSED.*\n$/);
      await becomeReady();
      await readyUrlSays200();
      const after = runShim(build, ['probe', sidecar.readyUrl]);
      expect(await after.ended).toEqual(succeeded);
      expect(after.stderr()).toMatch(/^mesh-shim: healthy: .* says 200\n$/);
    });

    it('quit ends the Envoy', async () => {
      await start('plain');
      expect(await command('quit', '--mesh', 'envoy').ended).toEqual(succeeded);
      expect(await sidecar.envoy.exited).toEqual(succeeded);
    });

    it('status says why an Istio sidecar is not ready, then what it has', async () => {
      await start('istio');
      const before = command('status');
      expect(await before.ended).toEqual(notReady);
      expect(before.stdout()).toMatch(/^mesh: +istio 1\.31\.0\nready: +no: .*PRE_INITIALIZING.*\nstate: +PRE_INIT/);
      expect(before.stdout()).toMatch(/^workers: +not started$/m);

      await becomeReady();
      await readyUrlSays200();
      const after = command('status');
      expect(await after.ended).toEqual(succeeded);
      expect(after.stdout().replaceAll(/: +/g, ': ').split('\n')).toEqual([
        'mesh: istio 1.31.0',
        expect.stringMatching(/^ready: yes: LIVE, http:\S+ says 200$/),
        'state: LIVE',
        `version: Envoy ${version}`,
        'node: sidecar~10.0.0.1~app-1.default~default.svc.cluster.local',
        expect.stringMatching(/^since: 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ \(up for \d+/),
        'workers: started',
        expect.stringMatching(/^listeners: 2 active, \d+ updates? received$/),
        expect.stringMatching(/^clusters: 3 active, \d+ updates? received$/),
        'certificates: none',
        '',
      ]);
    });

    it('status --json tells of rejected listeners', async () => {
      await start('istio');
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await saysLive();
      const running = command('status', '--json');
      expect(await running.ended).toEqual(notReady);
      const status = JSON.parse(running.stdout());
      expect(status).toMatchObject({
        mesh: 'istio',
        ready: false,
        reason: expect.stringContaining('says 503'),
        state: 'LIVE',
        meshVersion: '1.31.0',
        workersStarted: true,
        clusters: { active: 3, rejected: 0 },
        certificates: { count: 0, expiresAt: null },
      });
      expect(status.listeners.rejected).toBeGreaterThan(0);
      const causes = status.findings.map(({ cause }: { cause: string }) => cause);
      expect(causes).toEqual(['config-rejected']);
      const forPeople = command('status');
      await forPeople.ended;
      expect(forPeople.stdout()).toMatch(
        /^finding: +\d+ updates of listeners rejected; see npx mesh-shim explain config-rejected$/m,
      );
    });

    it('status --json knows a plain Envoy from Istio', async () => {
      await start('plain');
      await becomeReady();
      const running = command('status', '--json');
      expect(await running.ended).toEqual(succeeded);
      expect(JSON.parse(running.stdout())).toMatchObject({
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
