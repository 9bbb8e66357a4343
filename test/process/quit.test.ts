import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

describe.each(builds)('quit: $name', (build) => {
  const start = async (app: string[], ...flags: string[]) => {
    const sidecar = await startStandInSidecar();
    return {
      sidecar,
      run: () => runShim(build, ['--admin-url', sidecar.url, '--quit', 'always', ...flags, '--', ...app]),
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
    const run = runShim(build, [...flags, '--', 'true']);
    await run.saw(/waiting for/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 143, signal: null });
    expect(waiting.sidecar.quits()).toHaveLength(1);
    const late = runShim(build, [...flags, '--timeout', '500ms', '--', 'true']);
    expect(await late.ended).toEqual({ code: 69, signal: null });
    expect(late.stderr()).toMatch(/waited .*probes?, last: the sidecar is INITIALIZING; can the proxy reach/);
    expect(waiting.sidecar.quits()).toHaveLength(2);
  });

  test('goes to nobody where the wait has found no sidecar', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const flags = ['--admin-url', nowhere, '--quit', 'always', '--log-format', 'text'];
    const run = runShim(build, [...flags, '--', 'sh', '-c', 'exit 4']);
    expect(await run.ended).toEqual({ code: 4, signal: null });
    // Told or not told, the log would say so.
    expect(run.stderr()).toMatch(/^mesh-shim: not waiting: no sidecar: [^\n]*\n$/);
  });

  test('goes to Envoy where no agent listens, after a wait that ran out', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const flags = ['--admin-url', sidecar.url, '--quit', 'always', '--timeout', '50ms'];
    expect(await runShim(build, [...flags, '--', 'true']).ended).toEqual({ code: 69, signal: null });
    expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit']);
  });

  test.each([
    ['exit 0', 1],
    ['exit 1', 0],
  ])('on-success: %s leads to %i requests', async (script, count) => {
    const sidecar = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', sidecar.url, '--quit', 'on-success', '--', 'sh', '-c', script]);
    await run.ended;
    expect(sidecar.quits()).toHaveLength(count);
  });

  test('is repeated while nobody listens', async () => {
    const [sidecar, first] = [await startStandInSidecar(), await startStandInSidecar()];
    const port = await freePort();
    const urls = ['--quit-url', `http://127.0.0.1:${port}/late`, '--quit-url', `${first.url}/first`];
    const flags = ['--admin-url', sidecar.url, '--quit', 'always', '--quit-timeout', '0', ...urls];
    const run = runShim(build, [...flags, '--', 'sh', '-c', 'exit 2']);
    // All are told side by side: when one has been, the other has been refused.
    await first.asked(({ method }) => method === 'POST');
    const late = await startStandInSidecar({ port });
    expect(await run.ended).toEqual({ code: 2, signal: null });
    expect(late.quits().map(({ path }) => path)).toEqual(['/late']);
    expect(first.quits()).toHaveLength(1);
    expect(sidecar.quits()).toEqual([]);
  });

  test.each(['hang', 'reset'] as const)('%s: what may have been heard is not repeated', async (answer) => {
    const { sidecar, run } = await start(['true'], '--quit-timeout', '400ms');
    sidecar.quitAnswers = [answer];
    expect(await run().ended).toEqual({ code: 0, signal: null });
    expect(sidecar.quits()).toHaveLength(1);
  });

  test('several --quit-url: each is told once, and one that fails holds up no other', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.answers.set('/a', 404).set('/b', 200).set('/c', 'hang');
    const urls = ['a', 'b', 'c'].flatMap((name) => ['--quit-url', `${sidecar.url}/${name}`]);
    const flags = ['--admin-url', sidecar.url, '--quit', 'always', '--quit-timeout', '400ms'];
    const run = runShim(build, [...flags, ...urls, '--', 'sh', '-c', 'exit 6']);
    expect(await run.ended).toEqual({ code: 6, signal: null });
    const paths = sidecar.quits().map(({ path }) => path);
    expect(paths.sort()).toEqual(['/a', '/b', '/c']);
  });

  test.each(['auto', 'envoy'])('an admin on a Unix socket, --mesh %s', async (mesh) => {
    const socketPath = join(tmpdir(), `mesh-shim-${process.pid}-${await freePort()}.sock`);
    const sidecar = await startStandInSidecar({ socketPath });
    const run = runShim(build, ['--mesh', mesh, '--admin-url', sidecar.url, '--quit', 'always', '--', 'echo', 'ran']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('ran\n');
    expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit']);
  });

  test("Linkerd's 404 names the Helm value to set", async ({ skip }) => {
    const linkerd = await startStandInSidecar({ port: 4191 }).catch(() => undefined);
    if (!linkerd) return skip("Linkerd's port 4191 is taken on this machine");
    const run = runShim(build, ['--mesh', 'linkerd', '--quit', 'always', '--', 'sh', '-c', 'exit 8']);
    linkerd.answers.set('/shutdown', 404);
    expect(await run.ended).toEqual({ code: 8, signal: null });
    expect(linkerd.quits().map(({ path }) => path)).toEqual(['/shutdown']);
    expect(run.stderr()).toMatch(/"level":40.*404.*proxy\.enableShutdownEndpoint/);
  });
});
