import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Envoy, envoyMissing, startEnvoy, testedEnvoys } from '../helpers/envoy.ts';
import { runTool, spawnTool } from '../helpers/run-tool.ts';
import { until } from '../helpers/until.ts';

describe.each(testedEnvoys())('log-level, Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version))('with a real Envoy', () => {
    let envoy: Envoy;
    beforeAll(async () => {
      envoy = await startEnvoy({ config: {}, version });
    });
    afterAll(() => envoy?.stop());

    const tool = (...args: string[]) => runTool(['log-level', ...args, '--admin-url', envoy.adminUrl]);
    const level = async (component: string) => (await tool('--component', component)).stdout.trim();

    it('shows the levels and sets them', async () => {
      expect((await tool()).stdout).toContain('http: warning\n');
      expect(await tool('debug', '--component', 'http')).toMatchObject({ code: 0, stdout: 'http: debug\n' });
      expect([await level('http'), await level('router')]).toEqual(['http: debug', 'router: warning']);
      expect((await tool('warn')).code).toBe(0);
      expect(await level('http')).toBe('http: warning');
    });

    it.each([[['--component', 'router']], [[]]])('sets it back on SIGTERM %j', async (scope) => {
      await tool('error', '--component', 'http');
      const child = spawnTool(['log-level', 'trace', ...scope, '--for', '1h', '--admin-url', envoy.adminUrl]);
      await until('the level', async () => (await level('router')) === 'router: trace');
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([143, null]);
      expect([await level('router'), await level('http')]).toEqual(['router: warning', 'http: error']);
    });

    it('sets it back by itself', async () => {
      const { code, stdout } = await tool('debug', '--component', 'http', '--for', '0.05s');
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'http: debug, for 0.05s\nset back\n' });
      expect(await level('http')).toBe('http: error');
    });

    it('speaks to an admin on a Unix socket', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-admin-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, 'admin.sock');
      const hidden = await startEnvoy({ config: {}, version, admin: { path } });
      onTestFinished(() => hidden.stop());
      const onSocket = (...args: string[]) => runTool(['log-level', ...args, '--admin-url', `unix:${path}`]);
      expect(await onSocket('debug', '--component', 'http')).toEqual({ code: 0, stdout: 'http: debug\n', stderr: '' });
      expect((await onSocket()).stdout).toContain('http: debug\n');
    });

    it('refuses what does not exist', async () => {
      expect(await tool('debgu')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean debug?') });
      expect((await tool('debug', '--component', 'htpp')).stderr).toContain('did you mean http?');
      expect((await tool('debug', '--for', '5')).stderr).toContain('such as 30s, 5m or 2m30s');
    });
  });
});

it('says so when there is no sidecar', async () => {
  const { code, stderr } = await runTool(['log-level', '--admin-url', 'http://127.0.0.1:1']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    "cannot ask the sidecar's admin at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; run this inside the pod",
  );
});
