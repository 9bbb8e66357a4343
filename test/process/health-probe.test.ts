import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createHealthServer } from '../../src/health/index.ts';
import { copyExample } from '../helpers/example-copy.ts';
import { startProgram } from '../helpers/program.ts';

const shim = fileURLToPath(new URL('../../dist/mesh-shim.cjs', import.meta.url));

/** The exit code of an exec probe. */
async function probe(url: string): Promise<number> {
  const child = spawn(process.execPath, [shim, 'probe', url], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code;
}

test('an exec probe gives the answer that an HTTP probe gets', async () => {
  const health = await createHealthServer({ port: 0 });
  expect(await probe(`${health.url}/readyz`)).not.toBe(0);
  expect(await probe(`${health.url}/livez`)).toBe(0);
  health.setState('ready');
  expect(await probe(`${health.url}/readyz`)).toBe(0);
  health.setState('draining');
  expect(await probe(`${health.url}/readyz`)).not.toBe(0);
  await health.close();
  expect(await probe(`${health.url}/livez`)).not.toBe(0);
});

test("an exec probe sees the readiness of a cluster's workers", async () => {
  const copy = copyExample('lifecycle/cluster');
  onTestFinished(copy.remove);
  const app = startProgram(join(copy.folder, 'main.ts'), [], { PORT: '0', HEALTH_PORT: '0' });
  const { health, pids } = await app.ready<{ health: number; pids: number[] }>();
  const url = `http://localhost:${health}/readyz`;
  expect(await probe(url)).toBe(0);
  const [first = 0] = pids;
  process.kill(first, 'SIGSTOP');
  expect(await probe(url)).not.toBe(0);
  process.kill(first, 'SIGCONT');
  app.child.kill('SIGTERM');
  expect((await app.ended).code).toBe(0);
});
