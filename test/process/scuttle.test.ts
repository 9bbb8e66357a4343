import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { runShim } from '../helpers/run-shim.ts';
import { type StandInSidecar, startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

describe.each(builds)("in scuttle's place: $name", (build) => {
  const start = (env: Record<string, string>, script = 'echo started; exit 5', flags: string[] = []) =>
    runShim(build, [...flags, '--', 'sh', '-c', script], { env });
  const quitPaths = (sidecar: StandInSidecar) => sidecar.quits().map(({ path }) => path);

  test('ENVOY_ADMIN_API: waits without limit, and lets the sidecar go', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = start({ ENVOY_ADMIN_API: sidecar.url });
    await run.saw(/waiting for/);
    sidecar.state = 'LIVE';
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(run.stdout()).toBe('started\n');
    expect(quitPaths(sidecar)).toEqual(['/quitquitquit']);
    expect(run.stderr()).toContain(
      `ENVOY_ADMIN_API=${sidecar.url} is read as --admin-url ${sidecar.url} --mode required --timeout 0 --quit always`,
    );
  });

  test('ENVOY_ADMIN_API of another machine: waits, and lets that Envoy run', async () => {
    const sidecar = await startStandInSidecar();
    // Another name of this machine; a name that is neither of those that scuttle takes for its own.
    const run = start({ ENVOY_ADMIN_API: sidecar.url.replace('127.0.0.1', '127.1') });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(sidecar.requests).not.toEqual([]);
    expect(sidecar.quits()).toEqual([]);
    expect(run.stderr()).toMatch(/ENVOY_ADMIN_API=.* --quit never/);
  });

  test('without ENVOY_ADMIN_API neither waits nor quits', async () => {
    const sidecar = await startStandInSidecar();
    const run = start({ ISTIO_QUIT_API: sidecar.url, WAIT_FOR_ENVOY_TIMEOUT: '5s' });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(sidecar.requests).toEqual([]);
    expect(run.stderr()).toContain('without ENVOY_ADMIN_API is read as --mesh none --quit never');
  });

  test.each(['', '/'])('ISTIO_QUIT_API, ending in "%s": that agent is told', async (slash) => {
    const [sidecar, agent] = [await startStandInSidecar(), await startStandInSidecar()];
    const run = start({ ENVOY_ADMIN_API: sidecar.url, ISTIO_QUIT_API: `${agent.url}${slash}` });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(quitPaths(agent)).toEqual(['/quitquitquit']);
    expect(sidecar.quits()).toEqual([]);
    expect(run.stderr()).toContain(`ISTIO_QUIT_API=${agent.url}${slash} is read as --quit-url ${agent.url}/quit`);
  });

  test('GENERIC_QUIT_ENDPOINTS: each is told, and the agent as well', async () => {
    const [sidecar, agent, other] = [
      await startStandInSidecar(),
      await startStandInSidecar(),
      await startStandInSidecar(),
    ];
    const endpoints = `${other.url}/first, ${other.url}/second`;
    const run = start({ ENVOY_ADMIN_API: sidecar.url, ISTIO_QUIT_API: agent.url, GENERIC_QUIT_ENDPOINTS: endpoints });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(quitPaths(other).sort()).toEqual(['/first', '/second']);
    expect(quitPaths(agent)).toEqual(['/quitquitquit']);
    expect(run.stderr()).toContain(`GENERIC_QUIT_ENDPOINTS=${endpoints} is read as --quit-url`);
  });

  test('START_WITHOUT_ENVOY: no wait, and the sidecar is told all the same', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.answers.set('/server_info', 'hang');
    const run = start({ ENVOY_ADMIN_API: sidecar.url, ISTIO_QUIT_API: sidecar.url, START_WITHOUT_ENVOY: 'true' });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(run.stdout()).toBe('started\n');
    expect(quitPaths(sidecar)).toEqual(['/quitquitquit']);
    expect(run.stderr()).toContain('START_WITHOUT_ENVOY=true is read as --timeout 1ms --on-timeout start');
  });

  test.each([
    ['WAIT_FOR_ENVOY_TIMEOUT', 5, 'started\n', 'start'],
    ['QUIT_WITHOUT_ENVOY_TIMEOUT', 69, '', 'exit'],
  ])('%s', async (variable, code, stdout, what) => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = start({ ENVOY_ADMIN_API: sidecar.url, ISTIO_QUIT_API: sidecar.url, [variable]: '120ms' });
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe(stdout);
    expect(run.stderr()).toContain(`${variable}=120ms is read as --timeout 120ms --on-timeout ${what}`);
    expect(run.stderr()).toContain('not ready in time');
  });

  test.each([
    ['NEVER_KILL_ISTIO', 'exit 0', 0],
    ['NEVER_KILL_ISTIO_ON_FAILURE', 'exit 0', 1],
    ['NEVER_KILL_ISTIO_ON_FAILURE', 'exit 1', 0],
  ])('%s, %s: %i requests', async (variable, script, count) => {
    const sidecar = await startStandInSidecar();
    const run = start({ ENVOY_ADMIN_API: sidecar.url, [variable]: 'true' }, script);
    await run.ended;
    expect(sidecar.quits()).toHaveLength(count);
    expect(run.stderr()).toContain(`${variable}=true is read as --quit `);
  });

  test('QUIT_REQUEST_TIMEOUT', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.quitAnswers = ['hang'];
    const run = start({ ENVOY_ADMIN_API: sidecar.url, QUIT_REQUEST_TIMEOUT: '150ms' });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(sidecar.quits()).toHaveLength(1);
    expect(run.stderr()).toContain('QUIT_REQUEST_TIMEOUT=150ms is read as --quit-timeout 150ms');
    expect(run.stderr()).toContain('has not answered');
  });

  test('SCUTTLE_LOGGING=false: warnings only; true: all', async () => {
    const sidecar = await startStandInSidecar();
    const quiet = start({ ENVOY_ADMIN_API: sidecar.url, SCUTTLE_LOGGING: 'false' });
    await quiet.ended;
    expect(quiet.stderr()).toBe('');
    const loud = start({ ENVOY_ADMIN_API: sidecar.url, SCUTTLE_LOGGING: 'true' });
    await loud.ended;
    expect(loud.stderr()).toContain('SCUTTLE_LOGGING=true is read as --log-level info');
  });

  test('a value that scuttle ignores is ignored, and told', async () => {
    const sidecar = await startStandInSidecar();
    const run = start({ ENVOY_ADMIN_API: sidecar.url, ISTIO_QUIT_API: sidecar.url, NEVER_KILL_ISTIO: 'maybe' });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(run.stderr()).toContain('NEVER_KILL_ISTIO=maybe is ignored, as scuttle does: expected true or false');
    expect(quitPaths(sidecar)).toEqual(['/quitquitquit']);
  });

  test('GENERIC_QUIT_ONLY: those endpoints and nobody else, with nothing to wait for', async () => {
    const [sidecar, other] = [await startStandInSidecar(), await startStandInSidecar()];
    const env = { GENERIC_QUIT_ONLY: 'true', GENERIC_QUIT_ENDPOINTS: `${other.url}/quit`, ISTIO_QUIT_API: sidecar.url };
    expect(await start(env).ended).toEqual({ code: 5, signal: null });
    expect(quitPaths(other)).toEqual(['/quit']);
    expect(sidecar.requests).toEqual([]);
  });

  test('its ENTRYPOINT with the name swapped: no -- is needed', async () => {
    const sidecar = await startStandInSidecar();
    const words = ['sh', '-c', 'echo "$0 $1"; exit 5', '--version', '--'];
    const run = runShim(build, words, { env: { ENVOY_ADMIN_API: sidecar.url } });
    expect(await run.ended).toEqual({ code: 5, signal: null });
    expect(run.stdout()).toBe('--version --\n');
  });

  test('an address that nobody could ask is refused by name', async () => {
    const run = start({ ENVOY_ADMIN_API: 'localhost:15000' });
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stderr()).toContain('ENVOY_ADMIN_API: bad value "localhost:15000"');
    expect(run.stdout()).toBe('');
  });

  test('MESH_SHIM_ variables and flags win', async () => {
    const [sidecar, other] = [await startStandInSidecar(), await startStandInSidecar()];
    const scuttle = { ENVOY_ADMIN_API: other.url, ISTIO_QUIT_API: other.url, NEVER_KILL_ISTIO: 'true' };
    const env = { ...scuttle, MESH_SHIM_ADMIN_URL: sidecar.url, MESH_SHIM_QUIT: 'always' };
    const run = start(env, 'exit 0', ['--quit-url', `${sidecar.url}/bye`]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(other.requests).toEqual([]);
    expect(quitPaths(sidecar)).toEqual(['/bye']);
  });
});
