import { describe, expect, test } from 'vitest';
import { inlineProgram } from '../../helpers/inline-program.ts';
import { longServerMissing } from '../../helpers/long-servers.ts';
import { cloudSqlProxyPorts, daprdPorts, startCloudSqlProxy, startDaprd } from '../../helpers/real-sidecars.ts';
import { runCommand } from '../../helpers/run-shim.ts';

const run = (code: string, env: Readonly<Record<string, string>>) => {
  const { command, cwd } = inlineProgram(`import { quitSidecar, waitForMesh } from 'mesh-shim';\n${code}`);
  return runCommand(command, { cwd, env });
};

describe('the library beside real sidecars', () => {
  test.skipIf(longServerMissing('daprd'))(
    'daprd, by what the injector and the user put into the environment',
    async () => {
      const ports = await daprdPorts();
      const env = { DAPR_HTTP_PORT: String(ports.ready), DAPR_API_TOKEN: 's3cret' };
      const code = `
      console.log('asks');
      console.log((await waitForMesh({ mesh: 'dapr' })).kind);
      await quitSidecar('dapr');
      console.log('told');`;
      const program = run(code, env);
      await program.saw(/asks/);
      const daprd = await startDaprd(ports, { token: 's3cret' });
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(program.stdout()).toMatch(/^asks\nready\ntold\n$/);
      expect(await daprd.ended).toEqual({ code: 0, signal: null });
    },
  );

  test.skipIf(longServerMissing('cloud-sql-proxy'))('the Cloud SQL Auth Proxy, at addresses of its own', async () => {
    const ports = await cloudSqlProxyPorts();
    const proxy = await startCloudSqlProxy(ports);
    const code = `
      await waitForMesh({ mesh: 'cloud-sql-proxy', readyUrl: 'http://localhost:${ports.ready}/startup' });
      await quitSidecar('http://localhost:${ports.quit}/quitquitquit');`;
    expect(await run(code, {}).ended).toEqual({ code: 0, signal: null });
    expect(await proxy.ended).toEqual({ code: 0, signal: null });
  });
});
