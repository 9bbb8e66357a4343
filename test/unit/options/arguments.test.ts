import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import * as library from '../../../src/index.ts';

async function errorOf(work: () => unknown) {
  try {
    await work();
  } catch (error) {
    return error as library.MeshOptionError;
  }
  return undefined;
}

/** What a program in JavaScript may pass. */
const bad = (value: unknown) => value as never;
const server = 'a server of node:http or node:https';
const postgres = 'an address: postgres://HOST:PORT or postgresql://HOST:PORT';
const port = 'an integer from 0 to 65535';

describe('arguments', () => {
  it.each<[string, () => unknown, string, unknown]>([
    [
      `quitSidecar: sidecar must be a mesh (istio, envoy, linkerd, consul, kuma, dapr, cloud-sql-proxy) or http://HOST:PORT/PATH, got the string "nope"`,
      () => library.quitSidecar(bad('nope')),
      'sidecar',
      'nope',
    ],
    [
      `cloud-sql-proxy) or http://HOST:PORT/PATH, got the string "istoi"; did you mean "istio"?`,
      () => library.quitSidecar(bad('istoi')),
      'sidecar',
      'istoi',
    ],
    [
      'cloud-sql-proxy) or http://HOST:PORT/PATH, got undefined',
      () => library.quitSidecar(bad(undefined)),
      'sidecar',
      undefined,
    ],
    [
      `keepAliveFor: server must be ${server}, got undefined`,
      () => library.keepAliveFor(bad(undefined)),
      'server',
      undefined,
    ],
    [`keepAliveFor: server must be ${server}, got the string "x"`, () => library.keepAliveFor(bad('x')), 'server', 'x'],
    ...[undefined, null, {}, 'got'].flatMap((value): [string, () => unknown, string, unknown][] => [
      ['createMeshGot: got must be got, or an instance of it', () => library.createMeshGot(bad(value)), 'got', value],
      ['createMeshKy: ky must be ky, or an instance of it', () => library.createMeshKy(bad(value)), 'ky', value],
      ['createMeshAxios: axios must be axios itself', () => library.createMeshAxios(bad(value)), 'axios', value],
    ]),
    [
      'createMeshInterceptor: isIdempotent must be a function, got true',
      () => library.createMeshInterceptor({}, bad(true)),
      'isIdempotent',
      true,
    ],
    [
      `isReservedPort: port must be ${port}, got the string "15021"`,
      () => library.isReservedPort(bad('15021')),
      'port',
      '15021',
    ],
    [`isReservedPort: port must be ${port}, got NaN`, () => library.isReservedPort(Number.NaN), 'port', Number.NaN],
    [
      'describePorts: ports must be a list of ports or a Service, got the string "80"',
      () => library.describePorts(bad('80')),
      'ports',
      '80',
    ],
    ['connectWithRetry: attempt must be a function, got 5', () => library.connectWithRetry(bad(5)), 'attempt', 5],
    [
      `endpointChecks.postgres: url must be ${postgres}, got 5`,
      () => library.endpointChecks.postgres(bad(5)),
      'url',
      5,
    ],
    [
      `url must be ${postgres}, got "mysql://..."`,
      () => library.endpointChecks.postgres('mysql://db'),
      'url',
      'mysql://db',
    ],
    [
      `url must be ${postgres}, got postgres://: has no host`,
      () => library.endpointChecks.postgres('postgres://'),
      'url',
      'postgres://',
    ],
    [
      'waitForEndpoint: url must be an address: postgres://HOST:PORT, ',
      () => library.waitForEndpoint(bad(5)),
      'url',
      5,
    ],
    ['got one without a scheme', () => library.waitForEndpoint('db:5432'), 'url', 'db:5432'],
  ])('%s', async (message, call, option, value) => {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(library.MeshOptionError);
    expect(error?.message).toContain(message);
    expect(error).toMatchObject({ option });
    expect(error?.value).toBe(value);
  });

  it('of a lifecycle are refused when they are given, not at the shutdown', () => {
    const lifecycle = library.createLifecycle({ logger: library.silentLogger });
    try {
      expect(() => lifecycle.addServer(bad(() => {}))).toThrow(
        'Lifecycle.addServer: server must be a server of node:http, https, http2, tls or net, one of @grpc/grpc-js, or an object { name, close, cut }, got a function',
      );
      expect(() => lifecycle.addHook(bad({ name: 'x' }))).toThrow(
        'Lifecycle.addHook: hook.run must be a function, got undefined',
      );
      expect(() => lifecycle.addHook(bad('x'))).toThrow(
        'hook must be a hook: { name, run, timeoutMs }, got the string "x"',
      );
      lifecycle.addServer(createServer());
      lifecycle.addHook({ name: 'x', run() {} });
    } finally {
      lifecycle.dispose();
    }
  });

  it('of a certificate are refused when a check is made, and its key is not shown', async () => {
    const tls = (options: object) => library.endpointChecks.tls('tls://db', options);
    expect(() => tls({ cert: 'x' })).toThrow('endpointChecks.tls: key must be given together with cert, got undefined');
    expect(() => tls({ key: 'x' })).toThrow('endpointChecks.tls: cert must be given together with key, got undefined');
    const error = await errorOf(() => tls({ cert: 'c', key: 'secret' }));
    expect(error?.message).toContain('cert must be a certificate in PEM, with its key, got error:');
    expect(inspect(error)).not.toContain('secret');
  });
});

test('nothing of a URL with a password gets into what a logger prints', async () => {
  const url = 'postgres://user:hunter2@db/with space?@x';
  for (const call of [
    () => library.waitForEndpoint(url),
    () => library.endpointChecks.mysql(url),
    () => library.waitForMesh({ waitFor: [url] }),
  ]) {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(library.MeshOptionError);
    expect(error?.value).toBe(url);
    expect(inspect(error) + JSON.stringify(error)).not.toContain('hunter2');
  }
});

test('a long string is cut, and the message is one line', async () => {
  const error = await errorOf(() => library.createMeshFetch({ trustSidecar: bad(`\n${'x'.repeat(500)}`) }));
  expect(error).toBeInstanceOf(library.MeshOptionError);
  expect(error?.message.length).toBeLessThan(250);
  expect(error?.message).not.toContain('\n');
});
