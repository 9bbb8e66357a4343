import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packPackage } from '../helpers/package-app.ts';
import { blocksOf } from '../helpers/page-blocks.ts';
import { executable } from '../native/executables.ts';

// Somebody who has the packed tarball and its README alone: an empty folder for each of those whom the README speaks to, the commands as they
// stand there, in their order.

let root: string;
let tarball: string;
beforeAll(() => {
  executable('x64');
  root = mkdtempSync(join(tmpdir(), 'mesh-shim-stranger-'));
  ({ tarball } = packPackage(root));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with the package, which was told as the README says where it is not published yet. */
function newFolder(name: string, files: Readonly<Record<string, string>>) {
  const folder = join(root, name);
  for (const [path, text] of Object.entries({ 'package.json': '{"private":true,"type":"module"}', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = (command: string, env: NodeJS.ProcessEnv = {}) => {
    const all = { ...process.env, npm_config_offline: 'false', ...env };
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: folder,
      encoding: 'utf8',
      env: all,
    });
    return { status, stdout, stderr };
  };
  const installed = run(`npm install --no-audit --no-fund --prefer-offline '${tarball}'`);
  expect({ status: installed.status, stderr: installed.status === 0 ? '' : installed.stderr }).toEqual({
    status: 0,
    stderr: '',
  });
  const readme = readFileSync(join(folder, 'node_modules/mesh-shim/README.md'), 'utf8');
  const blocks = blocksOf('README.md', readme);
  return {
    folder,
    run,
    codeOf: (heading: string) => blocks.filter(({ name }) => name.split(':')[0] === `README.md#${heading}`),
  };
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
          command: [python3, -m, web] # as it was
`;
const job = `apiVersion: batch/v1
kind: Job
metadata: { name: migrate }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example.com/web:1
          command: [scuttle, /app/migrate, up]
`;

describe('with the packed tarball and its README alone', () => {
  it('a platform team sees who is in the mesh, wraps all, and is done', () => {
    const { folder, run, codeOf } = newFolder('platform', { 'deploy/web.yaml': deployment, 'deploy/job.yaml': job });
    const [commands] = codeOf('platform-team');
    const [first = '', second = '', third = ''] = commands?.code.trim().split('\n') ?? [];
    const before = run(`${first} --fail-on warning`);
    expect(before.status).toBe(1);
    expect(before.stdout).toMatch(/^2 workloads: 2 taken as injected/);
    expect(before.stdout).toContain('job-never-ends');
    const wrapped = run(second);
    expect({ status: wrapped.status, stderr: wrapped.status === 0 ? '' : wrapped.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(join(folder, 'deploy/web.yaml'), 'utf8')).toContain('/mesh-shim/mesh-shim');
    expect(readFileSync(join(folder, 'deploy/web.yaml'), 'utf8')).toContain('# as it was');
    expect(readFileSync(join(folder, 'deploy/job.yaml'), 'utf8')).not.toMatch(/command: \[scuttle/);
    const after = run(`${third} --fail-on warning`);
    expect(after.stdout).not.toMatch(/job-never-ends|startup-unprotected/);
    expect(after.status).toBe(0);
    const again = run(second);
    expect(again.status).toBe(0);
    const path = run('npx mesh-shim path').stdout.trim();
    expect(run(`'${path}' --mesh none -- /bin/sh -c 'exit 7'`).status).toBe(7);
  });

  it('a Node team has the snippet, and the preload', async () => {
    const { folder, codeOf } = newFolder('node', { 'server.js': "console.log('serving');" });
    const [install, snippet] = codeOf('node-team');
    expect(install?.code).toBe('npm install mesh-shim\n');
    const orders = createServer((request, reply) => void reply.end(`${request.method} ${request.url}`));
    await new Promise<void>((listening) => orders.listen(0, '127.0.0.1', listening));
    const app = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => app.once('listening', listening));
    const { port } = app.address() as AddressInfo;
    app.close();
    const code = (snippet?.code ?? '')
      .replace('http://orders/', `http://127.0.0.1:${(orders.address() as AddressInfo).port}/`)
      .replaceAll('8080', String(port));
    writeFileSync(
      join(folder, 'app.ts'),
      `${code}
server.once('listening', async () => {
  console.log(await (await fetch('http://127.0.0.1:${port}/')).text());
  process.kill(process.pid, 'SIGTERM');
});\n`,
    );
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, ['--no-warnings', 'app.ts'], {
      cwd: folder,
      env: { ...process.env, MESH_SHIM_MESH: 'none' },
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    const status = await new Promise((ended) => child.once('close', ended));
    orders.close();
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'POST /v1/orders\n' });
    const preloaded = spawnSync(process.execPath, ['--import', 'mesh-shim/register', 'server.js'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, MESH_SHIM_MESH: 'none' },
    });
    expect(preloaded).toMatchObject({ status: 0, stdout: 'serving\n' });
  });

  it('who is on call gets one cause, and what to do', () => {
    const { run, codeOf } = newFolder('on-call', {});
    const [command] = codeOf('on-call');
    const { status, stdout } = run(command?.code ?? 'false');
    expect(status).toBe(0);
    expect(stdout).toMatch(/UC/);
    expect(run('npx mesh-shim help explain').stdout).toMatch(/^Usage: mesh-shim explain/);
    expect(run('npx mesh-shim --version').stdout).toMatch(/^mesh-shim \d/);
  });
});
