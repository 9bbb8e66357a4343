import { expect, test } from 'vitest';
import { inlineProgram } from '../helpers/inline-program.ts';
import { runCommand } from '../helpers/run-shim.ts';

/** A program that has nothing else to do. */
function run(code: string) {
  const { command, cwd } = inlineProgram(`import { createHealthServer } from 'mesh-shim';\n${code}`);
  return runCommand(command, { cwd });
}

test.each([false, true])('report() is answered before the process ends, worker: %s', async (worker) => {
  const program = run(`
    const readiness = { hangs: () => new Promise(() => {}) };
    const health = await createHealthServer({ port: 0, worker: ${worker}, checkTimeoutMs: 100, readiness });
    const { checks } = await health.report('readyz');
    console.log(checks.hangs.message);`);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.stdout()).toBe('no answer within 100 ms\n');
});

test('a question of a probe keeps no process alive', async () => {
  const program = run(`
    const readiness = { hangs: () => new Promise(() => {}) };
    const health = await createHealthServer({ port: 0, checkTimeoutMs: 600_000, readiness });
    const { connect } = await import('node:net');
    const probe = connect(health.port, '127.0.0.1', () => {
      probe.write('GET /readyz HTTP/1.1\\r\\nhost: pod\\r\\n\\r\\n');
      setTimeout(() => probe.unref(), 50);
    });`);
  expect(await program.ended).toEqual({ code: 0, signal: null });
});
