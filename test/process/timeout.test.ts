import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { mayStartIn, ownNetwork } from '../helpers/own-network.ts';
import { runShim } from '../helpers/run-shim.ts';
import { type StandInSidecar, startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

const kubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
const app = ['--', 'echo', 'started'];
const started = 'started\n';
/** Enough for some probes, and short enough that a test may wait for its end. */
const briefly = ['--timeout', '600ms'];

const nowhere = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

/** A network of its own, on which what ztunnel opens in an ambient pod is open. */
const inAmbientPod = [
  ...ownNetwork,
  'python3',
  '-c',
  `
import socket, subprocess, sys
ztunnel = [socket.create_server(('127.0.0.1', port)) for port in (15001, 15006, 15008)]
sys.exit(subprocess.run(sys.argv[1:]).returncode)
`,
];
const mayUnshare = mayStartIn(inAmbientPod, 'an ambient pod');

/** What the shim sees as the kernel's table of sockets: this text, under a mount of the shim's own. */
const withSocketTable = (table: string): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-net-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'tcp'), table);
  const script = 'mount --bind "$1" /proc/$$/net && shift && exec "$@"';
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', folder];
};
const mayMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '--bind', tmpdir(), tmpdir()]).status === 0;
if (!mayMount) process.stderr.write('SKIPPED: a large table of sockets: unshare --mount is not permitted here\n');

/** A line of it: a socket of 127.0.0.1 in this state (0A: listening, 06: TIME_WAIT). */
const socketLine = (port: number, state: string): string =>
  `   0: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;

describe.each(builds)('a wait that runs out: $name', (build) => {
  const cases: [string, (sidecar: StandInSidecar) => void, RegExp][] = [
    ['INITIALIZING', (it) => (it.state = 'INITIALIZING'), /INITIALIZING; can the proxy reach its control plane\?/],
    ['DRAINING', (it) => (it.state = 'DRAINING'), /DRAINING; the sidecar is shutting down/],
    ['silence', (it) => it.answers.set('/server_info', 'hang'), /; --timeout gives it longer/],
    [
      'workers that have not started',
      (it) => it.answers.set('/stats', { status: 200, body: 'listener_manager.workers_started: 0\n' }),
      /workers.*; /,
    ],
  ];

  test.each(cases)('%s: 69, and how long, how many probes, the last reason, the likely fix', async (_, set, why) => {
    const sidecar = await startStandInSidecar();
    set(sidecar);
    const run = runShim(build, ['--admin-url', sidecar.url, ...briefly, '--log-format', 'text', ...app]);
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stdout()).toBe('');
    const [line] = run.stderr().match(/^mesh-shim: error: .*$/m) ?? [];
    expect(line).toMatch(
      /sidecar not ready in time: waited \d[\d.]* m?s, ([1-9]\d+ probes|[2-9] probes|1 probe), last: .+; .+/,
    );
    expect(line).toMatch(why);
  });

  test('nobody there in Kubernetes: 69, and asks whether the pod is injected', async () => {
    const run = runShim(build, ['--admin-url', await nowhere(), ...briefly, ...app], { env: kubernetes });
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stderr()).toMatch(/is the pod injected\? --mode optional starts without a sidecar/);
  });

  test('a record in JSON has the figures as fields, too', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, ...briefly, '--log-format', 'json', ...app]);
    await run.ended;
    const records = run
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const last = records.at(-1);
    expect(last).toMatchObject({ level: 50, name: 'mesh-shim' });
    expect(last.waitedMs).toBeGreaterThanOrEqual(150);
    expect(last.probes).toBeGreaterThanOrEqual(1);
  });

  test('--on-timeout start: the app starts, and a warning says so', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, ...briefly, '--on-timeout', 'start', ...app]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(started);
    expect(run.stderr()).toMatch(/"level":40.*not ready in time.*starting all the same/);
  });

  test('--timeout 0: waits until the sidecar is ready, however late', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, '--timeout', '0', ...app]);
    await run.saw(/waiting for/);
    sidecar.state = 'LIVE';
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(started);
  });
});

describe.each(builds)('modes: $name', (build) => {
  const outside = {};
  /** README's table. The sidecar is not there at all. */
  const absent: [string, Record<string, string>, number, RegExp][] = [
    ['auto', outside, 0, /"level":30.*not waiting: no sidecar.*not Kubernetes/],
    ['auto', kubernetes, 69, /"level":50/],
    ['required', outside, 69, /"level":50/],
    ['required', kubernetes, 69, /"level":50/],
    ['optional', outside, 0, /not waiting: no sidecar/],
    ['optional', kubernetes, 0, /"level":30.*not ready in time.*mode optional/],
  ];

  test.each(absent)('%s, nobody listens, %j: %i', async (mode, env, code, log) => {
    const run = runShim(build, ['--admin-url', await nowhere(), '--mode', mode, ...briefly, ...app], { env });
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe(code === 0 ? started : '');
    expect(run.stderr()).toMatch(log);
  });

  test.each([
    ['auto', 69],
    ['required', 69],
    ['optional', 0],
  ])('%s, a sidecar that does not become ready: %i', async (mode, code) => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'PRE_INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, '--mode', mode, ...briefly, ...app]);
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe(code === 0 ? started : '');
  });

  test.runIf(mayUnshare).each([
    ['auto', 0],
    ['required', 69],
    ['optional', 0],
  ])('%s, an ambient pod: %i', async (mode, code) => {
    const run = runShim(build, ['--mode', mode, ...briefly, ...app], { prefix: inAmbientPod, env: kubernetes });
    expect(await run.ended).toEqual({ code, signal: null });
    expect(run.stdout()).toBe(code === 0 ? started : '');
    if (code === 0) expect(run.stderr()).toMatch(/not waiting: an ambient pod/);
  });

  test.runIf(mayMount)(
    'a busy node, with 60,000 connections in its table of sockets: the look around is as good',
    async () => {
      const ztunnel = [15_001, 15_006, 15_008].map((port) => socketLine(port, '0A')).join('');
      const connections = socketLine(40_000, '06').repeat(60_000);
      const prefix = withSocketTable(`  sl  local_address rem_address   st\n${ztunnel}${connections}`);
      const run = runShim(build, ['--admin-url', await nowhere(), ...briefly, ...app], { prefix, env: kubernetes });
      expect(await run.ended, run.stderr()).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe(started);
      expect(run.stderr()).toMatch(/not waiting: an ambient pod/);
    },
  );

  test('MESH_SHIM_DISABLED: neither wait nor quit, and the reason is in the log', async () => {
    const sidecar = await startStandInSidecar();
    const env = { MESH_SHIM_DISABLED: 'there is no mesh on this laptop' };
    const run = runShim(build, ['--admin-url', sidecar.url, '--quit', 'always', ...app], { env });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(started);
    expect(run.stderr()).toMatch(/switched off: there is no mesh on this laptop/);
    expect(sidecar.requests).toEqual([]);
  });
});

describe.each(builds)('--wait-for: $name', (build) => {
  const listenOn = async (where: string | number): Promise<void> => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) =>
      typeof where === 'string' ? server.listen(where, resolve) : server.listen(where, '127.0.0.1', resolve),
    );
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  };
  const waitFor = (...addresses: string[]) =>
    runShim(build, ['--mesh', 'none', ...addresses.flatMap((address) => ['--wait-for', address]), ...app]);

  test('http: a 2xx, neither a redirect nor an error', async () => {
    const service = await startStandInSidecar();
    service.answers.set('/healthz', 302);
    const run = waitFor(`${service.url}/healthz`);
    await run.saw(/waiting for http:.*302/);
    service.answers.set('/healthz', 503);
    await run.saw(/waiting for http:.*503/);
    expect(run.stdout()).toBe('');
    service.answers.set('/healthz', 204);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(started);
  });

  test('tcp: a connection', async () => {
    const port = await freePort();
    const run = waitFor(`tcp://127.0.0.1:${port}`);
    await run.saw(/waiting for tcp:/);
    await listenOn(port);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test('redis: its answer, not an accepted connection; the password is not logged', async () => {
    const port = await freePort();
    const sidecar = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => sidecar.listen(port, '127.0.0.1', resolve));
    const run = waitFor(`redis://:secret@127.0.0.1:${port}/0`);
    await run.saw(/waiting for redis:.*before an answer/);
    expect(run.stdout()).toBe('');
    await new Promise((resolve) => sidecar.close(resolve));
    const redis = createServer((socket) => socket.on('data', () => socket.write('+PONG\r\n')));
    await new Promise<void>((resolve) => redis.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => redis.close(() => resolve())));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stderr()).not.toContain('secret');
  });

  test('unix: a socket that appears', async () => {
    const path = join(tmpdir(), `mesh-shim-${process.pid}-${await freePort()}.sock`);
    const run = waitFor(`unix:${path}`);
    await run.saw(/waiting for unix:/);
    await listenOn(path);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test('several: each is waited for, after the sidecar, in each mode', async () => {
    const sidecar = await startStandInSidecar();
    const service = await startStandInSidecar();
    const port = await freePort();
    const addresses = `${service.url}/ready,tcp://127.0.0.1:${port}`;
    const env = { MESH_SHIM_WAIT_FOR: addresses, MESH_SHIM_MODE: 'auto' };
    service.state = sidecar.state = 'INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, ...app], { env });
    await run.saw(/waiting for sidecar/);
    expect(service.requests).toEqual([]);
    sidecar.state = 'LIVE';
    await service.asked(() => true);
    service.state = 'LIVE';
    await run.saw(/waiting for tcp:/);
    expect(run.stdout()).toBe('');
    await listenOn(port);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(started);
  });

  test('that does not come: 69 with its address, though there is no sidecar to wait for', async () => {
    const address = `tcp://127.0.0.1:${await freePort()}`;
    // On a loaded machine nobody may be refused within the brief time, and the sidecar would be blamed.
    const flags = ['--admin-url', await nowhere(), '--wait-for', address, '--timeout', '2s'];
    const run = runShim(build, [...flags, ...app]);
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stderr()).toContain(`${address} not ready in time`);
    expect(run.stderr()).toContain('is the address right');
  });
});

describe.each(builds)('--mesh: $name', (build) => {
  test('a named Envoy, and something more', async () => {
    const sidecar = await startStandInSidecar();
    const run = runShim(build, ['--mesh', 'envoy', '--admin-url', sidecar.url, '--wait-for', sidecar.url, ...app]);
    await run.saw(/waiting for http:/);
    sidecar.answers.set('/', 200);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test('two meshes: both must be ready', async () => {
    const sidecar = await startStandInSidecar();
    const flags = [
      ...['--mesh', 'envoy,consul', '--admin-url', `envoy=${sidecar.url}`],
      ...['--admin-url', `consul=${sidecar.url}`],
    ];
    const run = runShim(build, [...flags, ...app]);
    const ready = await run.ended;
    expect(ready, run.stderr()).toEqual({ code: 0, signal: null });
    expect(run.stderr()).toMatch(/Envoy sidecar ready after/);
    expect(run.stderr()).toMatch(/Consul sidecar ready after/);
    sidecar.state = 'INITIALIZING';
    const waiting = runShim(build, [...flags, ...briefly, ...app]);
    expect(await waiting.ended).toEqual({ code: 69, signal: null });
  });

  test.each(['envoy,none', 'none,envoy', 'envoy,', 'enovy'])('%s is refused', async (names) => {
    const run = runShim(build, ['--mesh', names, ...app]);
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stderr()).toContain('--mesh');
    expect(run.stdout()).toBe('');
  });

  test('none: nobody is asked', async () => {
    const sidecar = await startStandInSidecar();
    const run = runShim(build, ['--mesh', 'none', '--admin-url', sidecar.url, ...app]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(sidecar.requests).toEqual([]);
  });
});
