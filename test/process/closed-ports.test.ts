import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { runShim } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

/** An Istio sidecar whose readiness port opens and closes as the test says: a real one does not close it again. */
async function startIstio(host = '127.0.0.1') {
  const statusPort = await freePort();
  const sidecar = await startStandInSidecar();
  const asked: number[] = [];
  const setState = (state: 'INITIALIZING' | 'LIVE'): void => {
    const node = { id: 'sidecar~10.0.0.1~a~b', metadata: { ENVOY_STATUS_PORT: statusPort } };
    sidecar.answers.set('/server_info', { status: 200, body: JSON.stringify({ state, node }) });
    sidecar.state = state;
  };
  setState('INITIALIZING');
  let isReady = true;
  let stop = (): Promise<void> => Promise.resolve();
  onTestFinished(() => stop());
  return {
    sidecar,
    setState,
    /** How often its readiness was asked. */
    asked: () => asked.length,
    setReady: (ready: boolean) => {
      isReady = ready;
    },
    open: async () => {
      const server = createServer((_, response) => {
        asked.push(performance.now());
        response.writeHead(isReady ? 200 : 503).end();
      });
      await new Promise<void>((resolve) => server.listen(statusPort, host, resolve));
      stop = () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
    },
    close: () => stop(),
  };
}

const waitFor = (...adminUrls: string[]): string[] => [
  ...['wait', '--mode', 'required', '--timeout', '50s', '--log-level', 'debug'],
  ...adminUrls.flatMap((url) => ['--admin-url', url]),
];

describe.each(builds)('while the readiness of Istio is refused: $name', (build) => {
  test.each(['127.0.0.1', '::1'])('hardly anybody is asked, and %s is noticed when it opens', async (host) => {
    const istio = await startIstio(host);
    const shim = runShim(build, waitFor(istio.sidecar.url));
    await shim.saw(/INITIALIZING/);
    const { length } = istio.sidecar.requests;
    await istio.sidecar.asked(() => istio.sidecar.requests.length >= length + 2);
    const [second, third] = istio.sidecar.requests.slice(length).map(({ atMs }) => atMs) as [number, number];
    // In the cadence of questions they would be 10 ms apart, or later where the machine is busy.
    expect(third - second).toBeGreaterThan(500);
    istio.setState('LIVE');
    await istio.open();
    expect((await shim.ended).code).toBe(0);
    expect(istio.asked()).toBe(1);
  });

  test('it may open, say no, close and open again', async () => {
    const istio = await startIstio();
    istio.setReady(false);
    const shim = runShim(build, waitFor(istio.sidecar.url));
    await shim.saw(/INITIALIZING/);
    istio.setState('LIVE');
    await istio.open();
    await shim.saw(/healthz\/ready says 503/);
    await istio.close();
    await shim.saw(/healthz\/ready: connect ECONNREFUSED/);
    istio.setState('INITIALIZING');
    const { length } = istio.sidecar.requests;
    await istio.sidecar.asked(() => istio.sidecar.requests.length > length);
    istio.setState('LIVE');
    istio.setReady(true);
    await istio.open();
    expect((await shim.ended).code).toBe(0);
  });

  test('of two that are not there yet, each is noticed when it comes up', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const urls = [`envoy=http://localhost:${first}`, `consul=http://localhost:${second}`];
    // Questions then come ten seconds apart, looks two.
    const shim = runShim(build, [...waitFor(...urls), '--mesh', 'envoy,consul', '--interval', '10s']);
    await shim.saw(new RegExp(`:${first}[^\n]*ECONNREFUSED`));
    await shim.saw(new RegExp(`:${second}[^\n]*ECONNREFUSED`));
    const before = performance.now();
    const later = await startStandInSidecar({ port: second });
    expect((await later.asked(() => true)).atMs - before).toBeLessThan(7_000);
    await startStandInSidecar({ port: first });
    expect((await shim.ended).code).toBe(0);
  });

  test('nobody listens yet: what comes up is asked', async () => {
    const port = await freePort();
    const shim = runShim(build, waitFor(`http://localhost:${port}`));
    await shim.saw(/ECONNREFUSED/);
    await startStandInSidecar({ port });
    expect((await shim.ended).code).toBe(0);
  });
});
