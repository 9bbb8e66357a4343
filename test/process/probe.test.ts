import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHealthServer, type HealthServer } from '../../src/health/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { builds } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { runShim } from '../helpers/run-shim.ts';

const onTls = { key: readFileSync('test/fixtures/tls/key.pem'), cert: readFileSync('test/fixtures/tls/cert.pem') };

/** Says 204 to a request with these headers at this path, else 404. */
const expecting =
  (path: string, headers: Record<string, string>) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const has = Object.entries(headers).every(([name, value]) => request.headers[name] === value);
    response.writeHead(request.url === path && has ? 204 : 404).end();
  };

async function listen(server: Server, where: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<number> {
  server.listen(where);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function startHealth(): Promise<HealthServer> {
  const health = await createHealthServer({ port: 0, logger: silentLogger, cacheMs: 0 });
  onTestFinished(() => health.close());
  return health;
}

describe.each(builds)('probe: $name', (build) => {
  const probe = async (args: readonly string[], env = {}): Promise<[number | null, string]> => {
    const run = runShim(build, ['probe', ...args], { env });
    const { code } = await run.ended;
    return [code, run.stderr()];
  };

  test('grpc://: the health service of a server, and of each service in it', async () => {
    const { port, setState } = await startHealth();
    const url = `grpc://localhost:${port}`;
    expect(await probe([url])).toEqual([1, `mesh-shim: unhealthy: ${url} says NOT_SERVING\n`]);
    expect(await probe([`${url}/liveness`])).toEqual([0, `mesh-shim: healthy: ${url}/liveness says SERVING\n`]);
    setState('ready');
    expect(await probe([url])).toEqual([0, `mesh-shim: healthy: ${url} says SERVING\n`]);
    const [code, said] = await probe([`${url}/none`]);
    expect(code).toBe(1);
    expect(said).toContain('/none refuses the call: has it the health service, and this name in it?');
  });

  test('grpc://: no gRPC there, and nothing at all', async () => {
    const http = await listen(createServer());
    expect(await probe([`grpc://localhost:${http}`])).toEqual([
      1,
      expect.stringContaining('not gRPC: the answer begins'),
    ]);
    const nowhere = `grpc://localhost:${await freePort()}`;
    expect(await probe([nowhere])).toEqual([1, expect.stringContaining('connect ECONNREFUSED')]);
  });

  test('grpc:// is waited for as well', async () => {
    const { port, setState } = await startHealth();
    const run = runShim(build, ['wait', '--mesh', 'none', '--wait-for', `grpc://127.0.0.1:${port}`]);
    await run.saw(/says NOT_SERVING/);
    setState('ready');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test.each(['app.sock', '@'])('unix:SOCKET:/URL, %s', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-probe-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = name === '@' ? `@${folder}` : join(folder, name);
    const server = createServer(expecting('/healthz?full', { host: 'localhost' }));
    await listen(server, { path: path.replace('@', '\0') });
    expect(await probe([`unix:${path}:/healthz?full`])).toEqual([
      0,
      `mesh-shim: healthy: unix:${path}:/healthz?full says 204\n`,
    ]);
    expect(await probe([`unix:${path}:/`])).toEqual([1, `mesh-shim: unhealthy: unix:${path}:/ says 404\n`]);
    // Without a URL it is the socket that is asked for.
    expect(await probe([`unix:${path}`])).toEqual([0, `mesh-shim: healthy: unix:${path} accepts connections\n`]);
  });

  test('headers, the host among them, by flags and by the variable', async () => {
    const port = await listen(createServer(expecting('/', { host: 'orders.example', 'x-key': 'a, b', 'x-more': '1' })));
    const url = `http://127.0.0.1:${port}/`;
    const headers = ['Host: orders.example', 'X-Key: a, b', 'X-More: 1'];
    expect((await probe([url]))[0]).toBe(1);
    expect((await probe([...headers.flatMap((header) => ['--header', header]), url]))[0]).toBe(0);
    expect((await probe([url], { MESH_SHIM_HEADER: `${headers.join('\n')}\n` }))[0]).toBe(0);
    expect(await probe(['--header', 'secret', url])).toEqual([64, expect.not.stringContaining('secret')]);
    expect(await probe(['--header', 'A: b', 'tcp://db:1'])).toEqual([
      64,
      expect.stringContaining('--header goes with HTTP only'),
    ]);
  });

  test('tcp://, as a tcpSocket probe', async () => {
    const port = await listen(createTcpServer());
    expect((await probe([`tcp://localhost:${port}`]))[0]).toBe(0);
    expect((await probe([`tcp://localhost:${await freePort()}`]))[0]).toBe(1);
  });

  test('https://, whoever the server is: on Node; the executable says that it cannot', async () => {
    const port = await listen(createTlsServer(onTls, expecting('/healthz', { host: 'localhost', 'x-key': '1' })));
    const url = `https://localhost:${port}/healthz`;
    const outcome = await probe(['--header', 'X-Key: 1', '--header', 'Host: localhost', url]);
    if (build.name === 'node') {
      expect(outcome).toEqual([0, `mesh-shim: healthy: ${url} says 204\n`]);
      expect((await probe([url]))[0]).toBe(1);
      const plain = await listen(createServer());
      expect((await probe([`https://localhost:${plain}/`]))[0]).toBe(1);
    } else expect(outcome).toEqual([64, expect.stringContaining('the static executable speaks no TLS')]);
  });

  test('--timeout is that of the request', async () => {
    const port = await listen(createServer(() => {}));
    const said = 'gave no usable answer: no answer within 200 ms';
    expect(await probe(['--timeout', '200ms', `http://localhost:${port}/`])).toEqual([
      1,
      expect.stringContaining(said),
    ]);
  });

  test('what is no address is refused', async () => {
    expect(await probe(['localhost:80'])).toEqual([64, expect.stringContaining('probe: localhost:80: not an address')]);
  });
});
