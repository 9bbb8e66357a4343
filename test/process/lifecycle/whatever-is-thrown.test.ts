import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/program.ts';

/** By case: the exit code. */
const codes: Record<string, number> = {
  health: 1,
  'health that hangs': 1,
  server: 1,
  'server later': 1,
  'server that hangs': 1,
  gRPC: 1,
  'gRPC later': 1,
  consumer: 1,
  'web sockets': 1,
  'web socket client': 1,
  hook: 1,
  logger: 1,
  exit: 1,
  sidecar: 1,
  rejection: 70,
  'listener of the signal': 70,
};

test.each(Object.entries(codes))(
  '%s that throws or hangs: the hooks run, the process ends in time, with %i',
  async (name, code) => {
    const app = startProgram('test/fixtures/lifecycle/wrong-objects.ts', [name]);
    await app.ready();
    const startedAt = performance.now();
    app.child.kill('SIGTERM');
    // It must end by itself: nobody waits for longer than the grace.
    const limit = setTimeout(app.kill, 10_000);
    expect(await app.ended).toEqual({ code, signal: null });
    clearTimeout(limit);
    expect(app.lines.slice(1)).toEqual(['hook']);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  },
);
