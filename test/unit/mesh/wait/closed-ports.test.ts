import { describe, expect, it } from 'vitest';
import { createAsker } from '../../../../src/mesh/ask/asker.ts';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import { waitUntilReady } from '../../../../src/mesh/wait/wait.ts';
import { createWaitPlan } from '../../../../src/mesh/wait/wait-plan.ts';
import { createCountingSignal } from '../../../helpers/counting-signal.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { createMemoryNetwork, serveSidecar } from '../../../helpers/memory-network.ts';

// While a port that must open is closed, the kernel is asked and nobody else.

const status = '127.0.0.1:15021';

function start({ mesh = 'auto' as Mesh, adminUrl = '' } = {}) {
  const clock = createManualClock();
  const network = createMemoryNetwork();
  const source = createCountingSignal();
  const admin = adminUrl === '' ? undefined : parseHttpUrl(adminUrl);
  const plan = createWaitPlan({
    mesh: [mesh],
    addresses: new Map([[mesh, { admin, ready: [] }]]),
    proof: 'auto',
    read: () => undefined,
    waitFor: [],
    mode: 'required',
    timeoutMs: 0,
    probeTimeoutMs: 5_000,
    intervalMs: 10,
  });
  const begin = () =>
    waitUntilReady(plan, {
      asker: createAsker(network, clock),
      clock,
      signal: source.signal,
      surroundings: () => ({ inKubernetes: true, listeningPorts: undefined }),
    });
  /** How many requests come in this time. */
  const requestsIn = async (ms: number) => {
    const before = network.requests.length;
    await clock.advance(ms);
    return network.requests.length - before;
  };
  /** Istio's, with its readiness behind a listener that is there when Envoy is LIVE. */
  const serveIstio = (state: string) => {
    serveSidecar(network, 'istio', state);
    if (state !== 'LIVE') network.stop(status);
  };
  return { clock, network, source, begin, requestsIn, serveIstio };
}

describe('an Istio sidecar whose readiness is refused', () => {
  it('is asked once a second, and at once when that is not refused any more', async () => {
    const { clock, network, source, begin, requestsIn, serveIstio } = start();
    serveIstio('INITIALIZING');
    const outcome = begin();
    // What it is, first.
    expect(await requestsIn(0)).toBe(1);
    expect(await requestsIn(30_000)).toBe(30);
    serveIstio('LIVE');
    await clock.advance(20);
    expect(await outcome).toMatchObject({ kind: 'ready', waitedMs: expect.closeTo(30_010, -1.3) });
    expect(network.requests.slice(-2)).toEqual([`127.0.0.1:15000 GET /ready`, `${status} GET /healthz/ready`]);
    expect(source.listeners()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('that listens and says no is asked in the cadence of questions', async () => {
    const { clock, network, begin, requestsIn, serveIstio } = start();
    serveIstio('LIVE');
    network.serve(status, () => 503);
    const outcome = begin();
    await clock.advance(5_000);
    // Two questions a round, and one look a second.
    expect(await requestsIn(1_600)).toBeGreaterThan(150);
    serveIstio('LIVE');
    await clock.advance(20);
    expect(await outcome).toMatchObject({ kind: 'ready' });
  });

  it('again is left alone again', async () => {
    const { clock, begin, requestsIn, serveIstio } = start();
    serveSidecarThatSaysNo();
    const outcome = begin();
    await clock.advance(3_000);
    serveIstio('INITIALIZING');
    await clock.advance(1_100);
    expect(await requestsIn(10_000)).toBeLessThanOrEqual(10);
    serveIstio('LIVE');
    await clock.advance(20);
    expect(await outcome).toMatchObject({ kind: 'ready' });

    function serveSidecarThatSaysNo() {
      serveIstio('LIVE');
      serveIstio('DRAINING');
    }
  });

  it('behind an admin that lets nobody in is looked at, too', async () => {
    const { clock, network, begin, requestsIn } = start({ mesh: 'istio' });
    network.serve('127.0.0.1:15000', () => 403);
    const outcome = begin();
    await clock.advance(1_000);
    expect(await requestsIn(10_000)).toBe(10);
    network.serve(status, () => 200);
    await clock.advance(20);
    expect(await outcome).toMatchObject({ kind: 'ready' });
  });

  it('is not waited for beyond the end', async () => {
    const { clock, network, source, begin, serveIstio } = start();
    serveIstio('INITIALIZING');
    const outcome = begin();
    await clock.advance(505);
    source.cancel();
    expect(await outcome).toMatchObject({ kind: 'cancelled', waitedMs: 505 });
    expect([clock.pending(), source.listeners(), network.open()]).toEqual([0, 0, 0]);
  });
});

it('a plain Envoy is asked in the cadence of questions, for no port of its tells more', async () => {
  const { clock, network, begin, requestsIn } = start();
  serveSidecar(network, 'envoy', 'INITIALIZING');
  void begin();
  await clock.advance(5_000);
  expect(await requestsIn(1_600)).toBe(100);
});

describe('where nothing listens', () => {
  it.each<[Mesh, string]>([
    ['auto', '127.0.0.1:15000'],
    ['istio', '127.0.0.1:15000'],
    ['istio', '127.0.0.1:15021'],
    ['linkerd', '127.0.0.1:4191'],
    ['linkerd', '::1:4191'],
    ['dapr', '127.0.0.1:3500'],
  ])('%s is noticed when it comes up at %s', async (mesh, address) => {
    const { clock, network, begin } = start({ mesh });
    void begin();
    await clock.advance(10_005);
    expect(network.requests).toEqual([]);
    network.serve(address, () => 503);
    await clock.advance(20);
    expect(network.requests[0]).toMatch(`${address} GET /`);
  });

  it('connects to each address once in 16 ms at most', async () => {
    const { clock, network, begin } = start({ mesh: 'linkerd' });
    void begin();
    await clock.advance(16_000);
    expect(network.connections()).toBeLessThanOrEqual(2 * 1_000 + 2 * 17);
  });

  it('but on another machine it is asked in the cadence of questions', async () => {
    const { clock, network, begin } = start({ adminUrl: 'http://10.0.0.5:15000' });
    void begin();
    await clock.advance(1_000);
    network.serve('10.0.0.5:15000', () => 503);
    await clock.advance(10);
    expect(network.requests.length).toBeGreaterThan(0);
  });
});
