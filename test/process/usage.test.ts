import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

describe.each(builds)('usage: $name', (build) => {
  const app = ['--', 'echo', 'started'];
  const wrongFlags: [string, string[]][] = [
    ['--no-such-flag', ['--no-such-flag', ...app]],
    ['unknown option --tiemout; did you mean --timeout?', ['--tiemout=5s', ...app]],
    ['--timeout: bad value "5": expected a duration', ['--timeout', '5', ...app]],
    ['--timeout: bad value "-1s"', ['--timeout=-1s', ...app]],
    ['--interval: bad value "0"', ['--interval', '0', ...app]],
    ['--probe-timeout: bad value "soon"', ['--probe-timeout', 'soon', ...app]],
    ['--mode: bad value "lazy"', ['--mode', 'lazy', ...app]],
    ['--mesh: bad value "isto"', ['--mesh', 'isto', ...app]],
    ['--on-timeout: bad value "wait"', ['--on-timeout', 'wait', ...app]],
    ['--quit: bad value "yes"', ['--quit', 'yes', ...app]],
    ['--admin-url: bad value "https://localhost:15000"', ['--admin-url', 'https://localhost:15000', ...app]],
    ['--quit-url: bad value "ftp://x"', ['--quit-url', 'ftp://x', ...app]],
    ['--wait-for: bad value "localhost:80"', ['--wait-for', 'localhost:80', ...app]],
    ['--wait-for: bad value "...@db:x"', ['--wait-for', 'postgres://app:secret@db:x', ...app]],
    ['--supervise: bad value "maybe"', ['--supervise=maybe', ...app]],
    ['--log-level: bad value "loud"', ['--log-level', 'loud', ...app]],
    ['--timeout needs a value', ['--timeout']],
    ['no COMMAND', []],
    ['no COMMAND', ['--']],
    ['unexpected "node"', ['node', 'server.js']],
    ['mesh-shim: wait takes no COMMAND', ['wait', ...app]],
    ['probe: localhost:9: not an address of the form http://HOST:PORT/PATH', ['probe', 'localhost:9']],
  ];
  test.each(wrongFlags)('%s is refused', async (message, args) => {
    const run = runShim(build, args);
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toContain(message);
    expect(run.stderr().trimEnd().split('\n')).toHaveLength(1);
  });

  const wrongVariables: [string, Record<string, string>][] = [
    ['MESH_SHIM_TIMEOUT: bad value "60"', { MESH_SHIM_TIMEOUT: '60' }],
    ['MESH_SHIM_QUIT: bad value "true"', { MESH_SHIM_QUIT: 'true' }],
    ['unknown variable MESH_SHIM_TIMOUT; did you mean MESH_SHIM_TIMEOUT?', { MESH_SHIM_TIMOUT: '60s' }],
    ['MESH_SHIM_DISABLED=false', { MESH_SHIM_DISABLED: 'false' }],
    ['MESH_SHIM_GROUP: bad value "on"', { MESH_SHIM_GROUP: 'on' }],
    ['MESH_SHIM_WAIT_FOR: bad value "db:5432"', { MESH_SHIM_WAIT_FOR: 'tcp://ok:1,db:5432' }],
  ];
  test.each(wrongVariables)('%s is refused, and nobody is asked', async (message, env) => {
    const sidecar = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', sidecar.url, ...app], { env });
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toContain(message);
    expect(sidecar.requests).toEqual([]);
  });

  test("the variables that Kubernetes makes of a Service named mesh-shim are nobody's settings", async () => {
    const { url } = await startStandInSidecar();
    const env = {
      MESH_SHIM_SERVICE_HOST: '10.0.0.7',
      MESH_SHIM_SERVICE_PORT: '80',
      MESH_SHIM_SERVICE_PORT_HTTP: '80',
      MESH_SHIM_PORT: 'tcp://10.0.0.7:80',
      MESH_SHIM_PORT_80_TCP: 'tcp://10.0.0.7:80',
      MESH_SHIM_PORT_80_TCP_ADDR: '10.0.0.7',
    };
    const run = runShim(build, ['--admin-url', url, ...app], { env });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('started\n');
  });

  test('a flag goes before its variable; an empty variable is none', async () => {
    const sidecar = await startStandInSidecar();
    const env = { MESH_SHIM_ADMIN_URL: 'http://127.0.0.1:1', MESH_SHIM_MODE: '', MESH_SHIM_TIMEOUT: ' ' };
    const run = runShim(build, ['--admin-url', sidecar.url, ...app], { env });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(sidecar.requests).not.toEqual([]);
  });

  test.each([
    [['--help'], /^.*mesh-shim \[run\] \[OPTIONS\] -- COMMAND/m],
    [['quit', '-h'], /--quit-timeout DURATION/],
    [['--version'], /\d+\.\d+\.\d+/],
  ])('%j prints on stdout and ends with 0', async (args, text) => {
    const run = runShim(build, args);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toMatch(text);
    expect(run.stderr()).toBe('');
  });

  test('behind -- everything is the app: --help, too', async () => {
    const { url } = await startStandInSidecar();
    const run = runShim(build, ['--admin-url', url, '--', 'echo', '--help', '--', '--version']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('--help -- --version\n');
  });
});

describe.each(builds)('probe: $name', (build) => {
  test.each([
    [200, 0],
    [204, 0],
    [302, 0],
    [399, 0],
    [400, 1],
    [404, 1],
    [503, 1],
  ])('%i is exit code %i', async (status, code) => {
    const health = await startStandInSidecar();
    health.answers.set('/readyz', status);
    const run = runShim(build, ['probe', `${health.url}/readyz`]);
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toMatch(new RegExp(`^mesh-shim: ${code ? 'un' : ''}healthy: .*${status}.*\n$`));
    expect(health.requests).toHaveLength(1);
  });

  test.each(['hang', 'reset'] as const)('%s is exit code 1', async (answer) => {
    const health = await startStandInSidecar();
    health.answers.set('/', answer);
    const run = runShim(build, ['probe', '--probe-timeout', '100ms', health.url]);
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.stderr()).toMatch(/^mesh-shim: unhealthy: .+\n$/);
  });

  test('nobody there is exit code 1', async () => {
    const run = runShim(build, ['probe', `http://127.0.0.1:${await freePort()}/`]);
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.stderr()).toMatch(/ECONNREFUSED/);
  });
});

describe.each(builds)('wait, quit and status: $name', (build) => {
  test('wait ends with 0 when the sidecar is ready, with 69 when it is not', async () => {
    const sidecar = await startStandInSidecar();
    const flags = ['wait', '--admin-url', sidecar.url];
    expect(await runShim(build, flags).ended).toEqual({ code: 0, signal: null });
    sidecar.state = 'INITIALIZING';
    expect(await runShim(build, [...flags, '--timeout', '150ms']).ended).toEqual({ code: 69, signal: null });
  });

  test('quit tells the sidecar, whatever --quit says, and fails where nobody takes it', async () => {
    const sidecar = await startStandInSidecar();
    const flags = ['quit', '--mesh', 'envoy', '--admin-url', sidecar.url];
    expect(await runShim(build, flags, { env: { MESH_SHIM_QUIT: 'never' } }).ended).toEqual({ code: 0, signal: null });
    expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit']);
    sidecar.quitAnswers = [403];
    expect(await runShim(build, flags).ended).toEqual({ code: 1, signal: null });
  });

  test('status says what the sidecar says, on stdout, as text and as JSON', async () => {
    const sidecar = await startStandInSidecar();
    const flags = ['status', '--admin-url', sidecar.url];
    const text = runShim(build, flags);
    expect(await text.ended).toEqual({ code: 0, signal: null });
    expect(text.stdout()).toMatch(/^ready: +yes.*\nstate: +LIVE\n/m);
    sidecar.state = 'INITIALIZING';
    const json = runShim(build, [...flags, '--json']);
    expect(await json.ended).toEqual({ code: 1, signal: null });
    expect(JSON.parse(json.stdout())).toMatchObject({ ready: false, state: 'INITIALIZING', version: 'stand-in' });
  });
});
