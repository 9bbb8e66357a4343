import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseLevels } from '../../../src/tools/log-level/loggers.ts';
import { runToolHere } from '../../helpers/run-tool.ts';
import { startStandInAdmin } from '../../helpers/stand-in-admin.ts';
import { until } from '../../helpers/until.ts';

// Against a stand-in for the admin; against real Envoys in test/mesh/log-level.test.ts.

const levels = { admin: 'info', http: 'warning', router: 'warning' };
const logLevel = (...args: string[]) => runToolHere('log-level', args);

it('reads the list that Envoy prints', () => {
  const body = 'active loggers:\n  admin: warning\n  http2: off\n\nrubbish: x\n  too: many words\nlast one: off\n';
  expect([...parseLevels(body)]).toEqual([
    ['admin', 'warning'],
    ['http2', 'off'],
  ]);
});

it('shows all levels, or one', async () => {
  const admin = await startStandInAdmin(levels);
  const all = 'admin: info\nhttp: warning\nrouter: warning\n';
  expect(await logLevel('--admin-url', admin.url)).toEqual({ code: 0, stdout: all, stderr: '' });
  const one = await logLevel(`--admin-url=${admin.url}/`, '--component', 'http');
  expect(one).toEqual({ code: 0, stdout: 'http: warning\n', stderr: '' });
  expect(admin.requests).toEqual(['POST /logging', 'POST /logging']);
});

it('leaves no connection behind', async () => {
  const admin = await startStandInAdmin(levels);
  await logLevel('debug', '--admin-url', admin.url);
  await until('the end of all connections', async () => (await admin.connections()) === 0);
});

it('sets all levels, or one', async () => {
  const admin = await startStandInAdmin(levels);
  expect(await logLevel('warn', '--admin-url', admin.url)).toMatchObject({ code: 0, stdout: 'all loggers: warning\n' });
  expect(admin.requests).toEqual(['POST /logging', 'POST /logging?level=warning']);
  const one = await logLevel('debug', '--component', 'http', '--admin-url', admin.url);
  expect(one).toMatchObject({ code: 0, stdout: 'http: debug\n' });
  expect([...admin.levels]).toEqual([
    ['admin', 'warning'],
    ['http', 'debug'],
    ['router', 'warning'],
  ]);
});

it('speaks to a Unix socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-admin-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const admin = await startStandInAdmin(levels, join(folder, 'admin.sock'));
  const { code } = await logLevel('off', '--component', 'admin', '--admin-url', admin.url);
  expect({ code, level: admin.levels.get('admin') }).toEqual({ code: 0, level: 'off' });
});

describe('--for', () => {
  it('sets the most frequent level back for all, then the others', async () => {
    const admin = await startStandInAdmin(levels);
    const { code, stdout } = await logLevel('trace', '--for', '1.5ms', '--admin-url', admin.url);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'all loggers: trace, for 1.5ms\nset back\n' });
    expect(admin.requests).toEqual([
      'POST /logging',
      'POST /logging?level=trace',
      'POST /logging?level=warning',
      'POST /logging?admin=info',
    ]);
    expect(Object.fromEntries(admin.levels)).toEqual(levels);
  });

  it('sets one logger back, and touches no other', async () => {
    const admin = await startStandInAdmin(levels);
    await logLevel('trace', '--for=1ms', '--component=router', '--admin-url', admin.url);
    expect(admin.requests).toEqual(['POST /logging', 'POST /logging?router=trace', 'POST /logging?router=warning']);
  });

  it('lasts as long as it says', async () => {
    const admin = await startStandInAdmin(levels);
    const before = performance.now();
    await logLevel('trace', '--for', '0.2s', '--admin-url', admin.url);
    expect(performance.now() - before).toBeGreaterThan(199);
  });

  // The signals themselves are sent in test/process/npm-command.test.ts: a thread of a test runner gets none.
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s: set back, exit code %i, and nobody listens any more', async (signal, code) => {
    const admin = await startStandInAdmin(levels);
    const listeners = process.listenerCount(signal);
    const run = logLevel('trace', '--for', '2m30s', '--admin-url', admin.url);
    await until('the level', () => admin.levels.get('http') === 'trace');
    const own = process.listeners(signal).slice(listeners);
    expect(own).toHaveLength(1);
    own[0]?.(signal);
    expect(await run).toMatchObject({ code, stdout: 'all loggers: trace, for 2m30s\nset back\n', stderr: '' });
    expect(Object.fromEntries(admin.levels)).toEqual(levels);
    expect(process.listenerCount(signal)).toBe(listeners);
  });
});

describe('is refused, and nobody is asked', () => {
  it.each([
    [['debgu'], 'unknown level "debgu"; did you mean debug?'],
    [['loud'], 'unknown level "loud"; use trace, debug, info, warning, error, critical, off'],
    [['debug', 'http'], 'unexpected "http"; name one LEVEL'],
    [['--for', '5m'], '--for needs a LEVEL to set; name one'],
    ...['5', '0', '0s', '0.5ms', '-1s', '5 m', 'soon', '1d'].map((text): [string[], string] => [
      ['debug', `--for=${text}`],
      `--for must be a duration of at least 1ms with its unit, such as 30s, 5m or 2m30s, got "${text}"`,
    ]),
  ])('%j', async (args, message) => {
    const admin = await startStandInAdmin(levels);
    const expected = { code: 2, stdout: '', stderr: `mesh-shim log-level: ${message}\n` };
    expect(await logLevel('--admin-url', admin.url, ...args)).toEqual(expected);
    expect(admin.requests).toEqual([]);
  });

  it.each([
    [
      'https://localhost',
      '--admin-url: https://localhost: https is not supported; inside a pod, use plain http on localhost',
    ],
    ['localhost:15000', '--admin-url: localhost:15000: not an address'],
    ['unix:', '--admin-url: unix:: not an address'],
    ['http://a:0', '--admin-url: http://a:0: "0" is not a port'],
  ])('%s', async (url, message) => {
    const { code, stdout, stderr } = await logLevel('--admin-url', url);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('fails', () => {
  it('with a logger that there is not', async () => {
    const admin = await startStandInAdmin(levels);
    const component = async (name: string, ...args: string[]) =>
      (await logLevel('--admin-url', admin.url, '--component', name, ...args)).stderr;
    const near = 'mesh-shim log-level: the sidecar has no logger "htpp"; did you mean http?\n';
    expect(await component('htpp')).toBe(near);
    expect(await component('htpp', 'debug')).toBe(near);
    expect(await component('level')).toContain('the sidecar has no logger "level"; mesh-shim log-level lists them');
    expect(await component('__proto__')).toContain('the sidecar has no logger "__proto__"');
    expect(new Set(admin.requests)).toEqual(new Set(['POST /logging']));
  });

  it('when the admin refuses, with the first line of what it says', async () => {
    const admin = await startStandInAdmin(levels);
    admin.answer = { status: 403, body: '\nforbidden\nsecond line\n' };
    expect(await logLevel('--admin-url', admin.url)).toEqual({
      code: 2,
      stdout: '',
      stderr: "mesh-shim log-level: the sidecar's admin refused POST /logging: 403 forbidden\n",
    });
    admin.answer = { status: 500, body: '' };
    expect((await logLevel('--admin-url', admin.url)).stderr).toMatch(/refused POST \/logging: 500\n$/);
  });

  it('when it is somebody else', async () => {
    const admin = await startStandInAdmin(levels);
    admin.answer = { status: 200, body: '<html>welcome</html>' };
    const { code, stderr } = await logLevel('debug', '--admin-url', admin.url);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `mesh-shim log-level: ${admin.url} is not the admin of an Envoy: it lists no loggers\n`,
    });
    expect(admin.requests).toEqual(['POST /logging']);
  });

  it('when nobody is there', async () => {
    const { code, stderr } = await logLevel('--admin-url', 'http://127.0.0.1:1');
    expect(code).toBe(2);
    expect(stderr).toBe(
      "mesh-shim log-level: cannot ask the sidecar's admin at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; run this inside the pod, or name its address with --admin-url\n",
    );
  });
});
