import { describe, expect, test } from 'vitest';
import { bodies } from '../helpers/bodies.ts';
import { runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

describe.each(bodies)('quit: $name', (body) => {
  const start = async (app: string[], ...flags: string[]) => {
    const sidecar = await startStandInSidecar();
    return {
      sidecar,
      run: () => runShim(body, ['--admin-url', sidecar.url, '--quit', 'always', ...flags, '--', ...app]),
    };
  };

  test('comes after the end of the app, exactly once', async () => {
    const { sidecar, run } = await start(signalApp());
    const running = run();
    await running.saw(/ready \(pid/);
    expect(sidecar.quits()).toEqual([]);
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit']);
  });

  test('is repeated on 5xx, never after a 2xx', async () => {
    const { sidecar, run } = await start(['sh', '-c', 'exit 3']);
    sidecar.quitAnswers = [503, 500, 200];
    expect(await run().ended).toEqual({ code: 3, signal: null });
    expect(sidecar.quits()).toHaveLength(3);
  });

  test.each([['hang'], [503], ['reset'], [404]] as const)('%s never changes the exit code', async (answer) => {
    const { sidecar, run } = await start(['sh', '-c', 'exit 9'], '--quit-timeout', '300ms');
    sidecar.quitAnswers = [answer];
    expect(await run().ended).toEqual({ code: 9, signal: null });
    expect(sidecar.quits().length).toBeGreaterThanOrEqual(1);
  });

  test('comes also when the command was not found', async () => {
    const { sidecar, run } = await start(['no-such-command']);
    expect(await run().ended).toEqual({ code: 127, signal: null });
    expect(sidecar.quits()).toHaveLength(1);
  });

  test('comes also on TERM during the wait, and when the wait ran out', async () => {
    const waiting = await start(['true'], '--quit-url', 'http://127.0.0.1:1/');
    waiting.sidecar.state = 'INITIALIZING';
    const url = `${waiting.sidecar.url}/quitquitquit`;
    const flags = ['--admin-url', waiting.sidecar.url, '--quit', 'always', '--quit-url', url];
    const run = runShim(body, [...flags, '--', 'true']);
    await run.saw(/waiting for/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 143, signal: null });
    expect(waiting.sidecar.quits()).toHaveLength(1);
    const late = runShim(body, [...flags, '--timeout', '50ms', '--', 'true']);
    expect(await late.ended).toEqual({ code: 69, signal: null });
    expect(late.stderr()).toMatch(/waited .*probes, last: the sidecar is INITIALIZING; can the proxy reach/);
    expect(waiting.sidecar.quits()).toHaveLength(2);
  });

  test.each([
    ['exit 0', 1],
    ['exit 1', 0],
  ])('on-success: %s leads to %i requests', async (script, count) => {
    const sidecar = await startStandInSidecar();
    const run = runShim(body, ['--admin-url', sidecar.url, '--quit', 'on-success', '--', 'sh', '-c', script]);
    await run.ended;
    expect(sidecar.quits()).toHaveLength(count);
  });
});
