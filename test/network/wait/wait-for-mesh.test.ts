import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MeshTimeoutError, type WaitForMeshOptions, type WaitProgress, waitForMesh } from '../../../src/index.ts';
import { freePort } from '../../helpers/free-port.ts';
import { startStandInSidecar } from '../../helpers/stand-in-sidecar.ts';
import { until } from '../../helpers/until.ts';

const kubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
const elsewhere = {};
const nowhere = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
/** Enough for some probes. */
const briefly = { timeoutMs: 150 };

/** The timers and sockets of clients in this process; servers of the test are its own. */
const resources = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => kind === 'Timeout' || kind === 'TCPSocketWrap' || kind === 'PipeWrap');

describe('resolves with what was found', () => {
  test('ready, with the proof', async () => {
    const { url } = await startStandInSidecar();
    const result = await waitForMesh({ adminUrl: url, env: elsewhere });
    expect(result).toEqual({
      kind: 'ready',
      sidecars: [expect.objectContaining({ subject: 'sidecar', proof: expect.stringContaining('workers') })],
      waitedMs: expect.any(Number),
      probes: expect.any(Number),
    });
    expect(result.probes).toBeGreaterThan(0);
  });

  test('ready once the sidecar is, not before', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const progress: WaitProgress[] = [];
    let settled = false;
    const waiting = waitForMesh({ adminUrl: sidecar.url, onProgress: (step) => progress.push(step) });
    void waiting.finally(() => {
      settled = true;
    });
    await until('ten questions', () => sidecar.requests.length > 10);
    expect(settled).toBe(false);
    expect(progress).toEqual([
      expect.objectContaining({ ready: false, reason: expect.stringContaining('INITIALIZING') }),
    ]);
    sidecar.state = 'LIVE';
    expect(await waiting).toMatchObject({ kind: 'ready' });
    expect(progress.at(-1)).toMatchObject({ ready: true, subject: 'sidecar' });
  });

  test('no sidecar: nobody listens, outside Kubernetes', async () => {
    const result = await waitForMesh({ adminUrl: await nowhere(), readyUrl: await nowhere(), env: elsewhere });
    expect(result).toMatchObject({ kind: 'no-sidecar', reason: expect.stringMatching(/ECONNREFUSED.*not Kubernetes/) });
  });

  test("no sidecar: mesh 'none'; nobody is asked", async () => {
    const sidecar = await startStandInSidecar();
    const result = await waitForMesh({ mesh: 'none', adminUrl: sidecar.url });
    expect(result).toMatchObject({ kind: 'no-sidecar', reason: expect.stringContaining("'none'") });
    expect(sidecar.requests).toEqual([]);
  });

  test('disabled: the reason; nobody is asked', async () => {
    const sidecar = await startStandInSidecar();
    const env = { MESH_SHIM_DISABLED: 'there is no mesh on this laptop' };
    const result = await waitForMesh({ adminUrl: sidecar.url, env });
    expect(result).toEqual({ kind: 'disabled', reason: env.MESH_SHIM_DISABLED, waitedMs: 0, probes: 0 });
    expect(sidecar.requests).toEqual([]);
  });

  test('not ready: mode optional', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'PRE_INITIALIZING';
    const result = await waitForMesh({ adminUrl: sidecar.url, mode: 'optional', ...briefly });
    expect(result).toMatchObject({ kind: 'not-ready', subject: 'sidecar', reason: expect.stringContaining('PRE_') });
  });

  test('more to wait for, after the sidecar', async () => {
    const { url } = await startStandInSidecar();
    const port = await freePort();
    const seen: string[] = [];
    const waiting = waitForMesh({
      adminUrl: url,
      waitFor: `tcp://127.0.0.1:${port}`,
      onProgress: ({ subject }) => seen.push(subject),
    });
    await until('the port to be asked for', () => seen.includes(`tcp://127.0.0.1:${port}`));
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    expect(await waiting).toMatchObject({ kind: 'ready' });
  });
});

describe('rejects', () => {
  test('MeshTimeoutError: what, how long, how often, why, what to do', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const error = await waitForMesh({ adminUrl: sidecar.url, ...briefly }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MeshTimeoutError);
    const { code, message, waitedMs, probes, subject, reason, cause } = error as MeshTimeoutError;
    expect(code).toBe('MESH_TIMEOUT');
    expect(message).toMatch(/^sidecar not ready in time: waited .*, \d+ probes?, last: .*INITIALIZING; can the proxy/);
    expect(waitedMs).toBeGreaterThanOrEqual(briefly.timeoutMs - 1);
    expect(probes).toBeGreaterThan(0);
    expect(subject).toBe('sidecar');
    expect(reason).toContain('INITIALIZING');
    expect(cause).toMatchObject({ message: reason });
  });

  test('nobody listens, in Kubernetes: the advice names options, not flags', async () => {
    const waiting = waitForMesh({ adminUrl: await nowhere(), env: kubernetes, ...briefly });
    await expect(waiting).rejects.toThrow(
      /is the pod injected\? mode 'optional' starts .*, readyUrl or adminUrl names/,
    );
  });

  test("the signal's reason: at once when aborted before, and without a question", async () => {
    const sidecar = await startStandInSidecar();
    const reason = new Error('we are leaving');
    await expect(waitForMesh({ adminUrl: sidecar.url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sidecar.requests).toEqual([]);
  });

  test("the signal's reason, while it waits; nobody is asked any more", async () => {
    const sidecar = await startStandInSidecar();
    sidecar.answers.set('/server_info', 'hang');
    const controller = new AbortController();
    const waiting = waitForMesh({ adminUrl: sidecar.url, signal: controller.signal });
    await sidecar.asked(() => true);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test("what a caller's own function throws", async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const fault = new Error('a fault in the callback');
    const onProgress = () => {
      throw fault;
    };
    const other = waitForMesh({ adminUrl: sidecar.url });
    await expect(waitForMesh({ adminUrl: sidecar.url, onProgress })).rejects.toBe(fault);
    sidecar.state = 'LIVE';
    expect(await other).toMatchObject({ kind: 'ready' });
  });
});

describe('many callers', () => {
  test('the same options: one wait', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const options: WaitForMeshOptions = { adminUrl: sidecar.url, intervalMs: 10 };
    const first = waitForMesh(options);
    await sidecar.asked(() => true);
    const all = Promise.all([first, ...Array.from({ length: 100 }, () => waitForMesh(options))]);
    const before = sidecar.requests.length;
    await until('more questions', () => sidecar.requests.length > before + 3);
    sidecar.state = 'LIVE';
    const results = await all;
    expect(new Set(results.map(({ probes }) => probes)).size).toBe(1);
    expect(sidecar.requests.length).toBeLessThanOrEqual((results[0]?.probes ?? 0) + 1);
  });

  test('one who leaves does not end the wait of the others; the next wait is a new one', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const controller = new AbortController();
    const leaving = waitForMesh({ adminUrl: sidecar.url, signal: controller.signal });
    const staying = waitForMesh({ adminUrl: sidecar.url });
    await sidecar.asked(() => true);
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
    sidecar.state = 'LIVE';
    const { probes } = await staying;
    expect(probes).toBeGreaterThan(0);
    const before = sidecar.requests.length;
    expect(await waitForMesh({ adminUrl: sidecar.url })).toMatchObject({ kind: 'ready' });
    expect(sidecar.requests.length).toBeGreaterThan(before);
  });

  test('the last one has left: who comes next waits anew', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const controller = new AbortController();
    const leaving = waitForMesh({ adminUrl: sidecar.url, signal: controller.signal });
    await sidecar.asked(() => true);
    controller.abort();
    const next = leaving.catch(() => waitForMesh({ adminUrl: sidecar.url }));
    sidecar.state = 'LIVE';
    expect(await next).toMatchObject({ kind: 'ready' });
  });
});

describe('leaves nothing behind', () => {
  const cases: [string, (url: string) => Promise<unknown>][] = [
    ['ready', (url) => waitForMesh({ adminUrl: url })],
    ['timed out', (url) => waitForMesh({ adminUrl: url, waitFor: `${url}/missing`, ...briefly })],
    ['no answer', (url) => waitForMesh({ mesh: 'linkerd', readyUrl: `${url}/hangs`, ...briefly })],
    ['aborted', (url) => waitForMesh({ adminUrl: `${url}/hangs`, signal: AbortSignal.timeout(100) })],
  ];

  test.each(cases)('%s', async (_, wait) => {
    const sidecar = await startStandInSidecar();
    for (const path of ['/hangs', '/hangs/ready']) sidecar.answers.set(path, 'hang');
    const before = resources();
    const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)]);
    await wait(sidecar.url).catch(() => {});
    // The server of the test, in this same process, notices the end of the connection a moment later.
    await until('sockets and timers to be gone', () => resources().length <= before.length);
    expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(listeners);
  });
});
