import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envoyMissing, testedEnvoys } from '../helpers/envoy.ts';
import { type Fault, type FaultyMesh, faults, startFaultyMesh } from '../helpers/faulty-mesh.ts';
import { runToolHere } from '../helpers/run-tool.ts';
import { startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

interface Told {
  readonly sidecar: { readonly state: string; readonly version: string };
  readonly findings: readonly { readonly cause: string; readonly because: string }[];
}

/** What a sidecar counts of each fault; an app's own answers, and who has left, are none of its faults. */
const counted = faults.filter(
  ({ truth }) => !['no-failure', 'app-failed', 'app-answered', 'client-gone', 'route-answered'].includes(truth),
);
/** These two leave no counter of their own: a reply of a route, and a policy's name. */
const unseen = (fault: Fault) => fault.path === '/unknown-host' || fault.listener === 'forbidden';

describe.each(testedEnvoys())('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version))('explain --pod', () => {
    let folder: string;
    let mesh: FaultyMesh;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mesh-shim-pod-'));
      mesh = await startFaultyMesh(join(folder, 'access.log'), version);
    });
    afterAll(async () => {
      await mesh.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const explain = (...args: string[]) =>
      runToolHere('explain', ['--pod', '--admin-url', mesh.envoy.adminUrl, ...args]);
    const told = async (): Promise<Told> => JSON.parse((await explain('--json')).stdout);

    it('finds no fault where there was none yet', async () => {
      expect(await told()).toMatchObject({ sidecar: { state: 'LIVE', version }, findings: [] });
      expect((await explain()).stdout).toMatch(/^No fault shows in this sidecar/);
    });

    it.each(
      counted
        .filter((fault) => !unseen(fault))
        .map((fault) => [fault.truth, fault.path ?? fault.listener, fault] as const),
    )('finds %s after it has happened (%s)', async (truth, _, fault) => {
      await mesh.make(fault);
      await until(truth, async () => (await told()).findings.some(({ cause }) => cause === truth));
    });

    it('decides between the causes of a text', async () => {
      const decided = await explain('--json', 'localhost', 'UF outbound|80||plain.shop.svc.cluster.local');
      expect(JSON.parse(decided.stdout)).toMatchObject({ cause: 'mtls-mismatch' });
      const other = await explain('--json', 'localhost', 'UF outbound|80||refused.shop.svc.cluster.local');
      expect(JSON.parse(other.stdout)).toMatchObject({ cause: 'upstream-refused' });
      const none = await explain('localhost', 'UF outbound|80||other.shop.svc.cluster.local');
      expect(none.stdout.replaceAll(/\s+/g, ' ')).toContain('(the sidecar itself shows no trace of it)');
    });

    it('asks through kubectl, as istioctl does, and then names the pod in its commands', async () => {
      // Stands in for kubectl and the agent: it hands the request on to the real Envoy.
      const stub = join(folder, 'kubectl');
      writeFileSync(
        stub,
        `#!${process.execPath}\nconst args = process.argv.slice(2);\n` +
          `const want = ['--context=c', '--namespace=shop', 'exec', 'web-0', '--container=istio-proxy', '--', 'pilot-agent', 'request', 'GET'];\n` +
          `if (JSON.stringify(args.slice(0, -1)) !== JSON.stringify(want)) { console.error('Error from server (NotFound): pods "x" not found'); process.exit(1); }\n` +
          `fetch(${JSON.stringify(mesh.envoy.adminUrl)} + encodeURI(args.at(-1))).then((r) => r.text()).then((t) => process.stdout.write(t));\n`,
      );
      chmodSync(stub, 0o755);
      const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
      const run = await runToolHere('explain', ['--pod', 'web-0', '-n', 'shop', '--context', 'c', '--json'], {
        env,
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain('istioctl x authz check web-0.shop');
      const missing = await runToolHere('explain', ['--pod', 'web-1', '-n', 'shop'], { env });
      expect(missing).toMatchObject({
        code: 2,
        stderr:
          'mesh-shim explain: cannot ask the sidecar of web-1 through kubectl: Error from server (NotFound): pods "x" not found\n',
      });
    });

    it('says why a sidecar waits, and why it rejected its listeners', async () => {
      const sidecar = await startSidecar({ kind: 'istio', version });
      const causes = async () => {
        const run = await runToolHere('explain', ['--pod', '--json', '--admin-url', sidecar.adminUrl]);
        return (JSON.parse(run.stdout) as Told).findings;
      };
      try {
        expect((await causes())[0]?.cause).toBe('xds-not-received');
        sidecar.deliverClusters();
        sidecar.deliverRejectedListeners();
        await until('the rejection', async () => (await causes())[0]?.cause === 'config-rejected');
        expect((await causes())[0]?.because).toMatch(/updates of listeners rejected: ".*nobody-sent-this-cluster/);
      } finally {
        await sidecar.stop();
      }
    });
  });
});
