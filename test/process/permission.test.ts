import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-permission-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program under Node's permission model, which lets it read files. */
function run(source: string, words: readonly string[]) {
  const path = join(folder, 'app.mjs');
  writeFileSync(path, source);
  const startedAt = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--permission', '--allow-fs-read=*', ...words, path],
    { encoding: 'utf8', env: { PATH: process.env.PATH, KUBERNETES_SERVICE_HOST: '10.0.0.1' } },
  );
  return { stdout, stderr, status, tookMs: performance.now() - startedAt };
}

const preload = ['--import', resolve('dist/register.mjs')];
const advice = 'this process may not use the network: start Node with --allow-net beside --permission';

test('the preload that may not use the network says so at once', () => {
  const { stdout, stderr, status, tookMs } = run("console.log('started')", preload);
  expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
  expect(JSON.parse(stderr)).toMatchObject({ level: 50, msg: expect.stringContaining(advice) });
  expect(tookMs).toBeLessThan(15_000); // the wait has a minute
});

test('so does waitForMesh', () => {
  const { stdout } = run(
    `import { waitForMesh } from ${JSON.stringify(resolve('dist/wait.mjs'))};
    await waitForMesh().catch(({ code, message }) => console.log(code + ': ' + message));`,
    [],
  );
  expect(stdout).toMatch(/^MESH_TIMEOUT: sidecar cannot be asked: /);
  expect(stdout).toContain(advice);
});

test('a health server whose thread may not start says what it needs, and leaves nothing behind', () => {
  const { stdout, status } = run(
    `import { createHealthServer } from ${JSON.stringify(resolve('dist/health.mjs'))};
    await createHealthServer({ port: 0, worker: true }).catch(({ code, message }) => console.log(code + ': ' + message));`,
    ['--allow-net'],
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^HEALTH_WORKER_FAILED: .*under --permission it needs --allow-worker$/m);
});

test('a health server that may not use the network says what it needs', () => {
  const { stdout, stderr, status } = run(
    `import { createHealthServer } from ${JSON.stringify(resolve('dist/health.mjs'))};
    await createHealthServer({ port: 9000 }).catch(({ code, message }) => console.log(code + ': ' + message));`,
    [],
  );
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(`HEALTH_LISTEN_FAILED: health server: cannot listen on port 9000: ${advice}\n`);
});

test('a health server that may do both answers from its thread', () => {
  const { stdout, status } = run(
    `import { createHealthServer } from ${JSON.stringify(resolve('dist/health.mjs'))};
    const health = await createHealthServer({ port: 0, worker: true });
    console.log((await fetch(health.url + '/livez')).status);
    await health.close();`,
    ['--allow-net', '--allow-worker'],
  );
  expect(status).toBe(0);
  expect(stdout).toBe('200\n');
});
