import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arm64Runner, executable, staticApp } from './executables.ts';

const runner = arm64Runner();

describe.skipIf(!runner)('the arm64 executable (needs such a machine or qemu-aarch64-static)', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_request, response) => void response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  const run = (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const [program = '', ...words] = [...(runner ?? []), executable('arm64'), ...args];
      const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.on('data', (bytes: Buffer) => {
        stdout += bytes.toString();
      });
      child.once('close', (code) => resolve({ code, stdout }));
    });

  it('prints its version', async () => {
    expect((await run('--version')).stdout).toMatch(/^mesh-shim \d/);
  });

  it('asks over a socket', async () => {
    const { port } = server.address() as AddressInfo;
    expect((await run('probe', `http://127.0.0.1:${port}/`)).code).toBe(0);
    expect((await run('probe', 'http://127.0.0.1:1/')).code).toBe(1);
  });

  it('supervises a program of any kind and ends as that one ends', async () => {
    const app = process.arch === 'arm64' ? staticApp('arm64') : staticApp('x64');
    const { code, stdout } = await run('--mesh', 'none', '--supervise', '--', app, 'report');
    expect(code).toBe(0);
    expect(stdout).toContain('mask 0');
  });
});

it.runIf(!runner)('is not run for arm64 here: install qemu-user-static', () => {});
