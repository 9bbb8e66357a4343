import { describe, expect, it } from 'vitest';
import { type Asker, createAsker } from '../../../../src/mesh/ask/asker.ts';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { parseTarget } from '../../../../src/mesh/wait/target.ts';
import { type WaitProgress, waitUntilReady } from '../../../../src/mesh/wait/wait.ts';
import { createWaitPlan, type PlanSettings } from '../../../../src/mesh/wait/wait-plan.ts';
import { createCountingSignal } from '../../../helpers/counting-signal.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { createMemoryNetwork, serveSidecar } from '../../../helpers/memory-network.ts';

// The wait with its asker, over sockets in memory: a question that would only be asked again is repeated on its connection.

function start(settings: Partial<PlanSettings> = {}, serve = (_: ReturnType<typeof createMemoryNetwork>) => {}) {
  const clock = createManualClock(12_345);
  const network = createMemoryNetwork();
  const progress: WaitProgress[] = [];
  serve(network);
  const plan = createWaitPlan({
    mesh: ['auto'],
    addresses: new Map(),
    proof: 'auto',
    read: () => undefined,
    waitFor: [],
    mode: 'required',
    timeoutMs: 60_000,
    probeTimeoutMs: 5_000,
    intervalMs: 10,
    ...settings,
  });
  const real = createAsker(network, clock);
  let repetitions = 0;
  const asker: Asker = {
    ...real,
    repeat(...args) {
      const repeated = real.repeat(...args);
      if (repeated !== undefined) repetitions++;
      return repeated;
    },
  };
  const source = createCountingSignal();
  const outcome = waitUntilReady(plan, {
    asker,
    clock,
    signal: source.signal,
    surroundings: () => ({ inKubernetes: true, listeningPorts: undefined }),
    onProgress: (step) => void progress.push(step),
  });
  return { clock, network, progress, outcome, source, repetitions: () => repetitions };
}

describe('a sidecar that says the same again and again', () => {
  it('is asked in the cadence, on one connection, and each question counts', async () => {
    const { clock, network, outcome, source, repetitions } = start({}, (net) =>
      serveSidecar(net, 'envoy', 'INITIALIZING'),
    );
    await clock.advance(1_000);
    expect(network.requests[0]).toBe('127.0.0.1:15000 GET /server_info');
    expect(new Set(network.requests.slice(1))).toEqual(new Set(['127.0.0.1:15000 GET /ready']));
    // At 0, 10, 20, ... 1000.
    expect(network.requests).toHaveLength(101);
    expect(network.open()).toBe(1);
    expect(repetitions()).toBe(1);
    serveSidecar(network, 'envoy');
    await clock.advance(10);
    expect(await outcome).toMatchObject({ kind: 'ready', waitedMs: 1_010, probes: 103 });
    expect(source.listeners()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('is asked less often later', async () => {
    const { clock, network } = start({ timeoutMs: 0 }, (net) => serveSidecar(net, 'envoy', 'INITIALIZING'));
    await clock.advance(10_000);
    const before = network.requests.length;
    await clock.advance(1_600);
    expect(network.requests.length - before).toBe(100);
  });

  it('tells its reason once, and another one when there is one', async () => {
    const { clock, network, progress, outcome } = start({}, (net) => serveSidecar(net, 'envoy', 'PRE_INITIALIZING'));
    await clock.advance(500);
    serveSidecar(network, 'envoy', 'INITIALIZING');
    await clock.advance(500);
    serveSidecar(network, 'envoy');
    await clock.advance(100);
    await outcome;
    expect(progress.map(({ reason }) => reason)).toEqual([
      'the sidecar is PRE_INITIALIZING',
      'the sidecar is INITIALIZING',
      'LIVE, workers started',
    ]);
  });

  it.each([10, 500, 1_000, 1_500, 2_000])(
    'and has answered is not blamed for silence, at an interval of %i ms',
    async (intervalMs) => {
      const { clock, outcome } = start({ intervalMs, timeoutMs: 4_990 }, (net) =>
        serveSidecar(net, 'envoy', 'INITIALIZING'),
      );
      await clock.advance(4_990);
      expect(await outcome).toMatchObject({ reason: 'the sidecar is INITIALIZING', cause: 'initializing' });
      expect(clock.pending()).toBe(0);
    },
  );

  it('and then falls silent is blamed for that', async () => {
    const { clock, network, outcome } = start({ timeoutMs: 3_000 }, (net) =>
      serveSidecar(net, 'envoy', 'INITIALIZING'),
    );
    await clock.advance(1_000);
    network.serve('127.0.0.1:15000', () => 'hang');
    await clock.advance(2_000);
    expect(await outcome).toMatchObject({
      cause: 'no-answer',
      reason: 'http://localhost:15000/ready has not answered for 2.0 s (before: the sidecar is INITIALIZING)',
    });
    expect(clock.pending()).toBe(0);
  });
});

it('tells how long it has waited, at each step', async () => {
  const { clock, network, progress, outcome } = start({}, (net) => serveSidecar(net, 'envoy', 'INITIALIZING'));
  await clock.advance(500);
  serveSidecar(network, 'envoy');
  await clock.advance(100);
  await outcome;
  expect(progress.map(({ waitedMs, probes }) => [waitedMs, probes])).toEqual([
    [0, 1],
    [510, 53],
  ]);
});

it('a wait that is shorter than any patience names the first silence', async () => {
  const { clock, outcome } = start({ timeoutMs: 300 }, (net) => net.serve('127.0.0.1:15000', () => 'hang'));
  await clock.advance(300);
  expect(await outcome).toMatchObject({
    cause: 'no-answer',
    reason: 'http://localhost:15000/server_info has not answered for 300 ms',
  });
});

it('asks where it is told to', async () => {
  const settings = {
    addresses: new Map([
      [
        'auto' as const,
        { admin: parseHttpUrl('http://10.0.0.1:9901'), ready: [parseHttpUrl('http://10.0.0.1:9000/up')] },
      ],
    ]),
  };
  const { outcome, network } = start(settings, (net) => {
    serveSidecar(net, 'envoy', 'LIVE', '10.0.0.1:9901');
    net.serve('10.0.0.1:9000', () => 200);
  });
  expect(await outcome).toMatchObject({
    kind: 'ready',
    sidecars: [{ proof: 'LIVE, http://10.0.0.1:9000/up says 200' }],
  });
  expect(network.requests.map((request) => request.split(' ')[0])).toEqual([
    '10.0.0.1:9901',
    '10.0.0.1:9901',
    '10.0.0.1:9000',
  ]);
});

it('needs nobody who is told of its progress', async () => {
  const clock = createManualClock();
  const network = createMemoryNetwork();
  serveSidecar(network, 'envoy');
  const plan = createWaitPlan({
    ...{ mesh: ['auto'], addresses: new Map(), waitFor: [], mode: 'required' },
    ...{ proof: 'auto', read: () => undefined },
    ...{ timeoutMs: 0, probeTimeoutMs: 0, intervalMs: 10 },
  });
  const { signal } = createCountingSignal();
  const surroundings = () => ({ inKubernetes: true, listeningPorts: undefined });
  const outcome = waitUntilReady(plan, { asker: createAsker(network, clock), clock, signal, surroundings });
  expect(await outcome).toMatchObject({ kind: 'ready' });
});

describe('the limit of one question', () => {
  it('ends a silence, and the next round asks anew', async () => {
    const { clock, progress } = start({ probeTimeoutMs: 300 }, (net) => net.serve('127.0.0.1:15000', () => 'hang'));
    await clock.advance(300);
    expect(progress.map(({ reason }) => reason)).toEqual([
      'http://localhost:15000/server_info gave no usable answer: no answer within 300 ms',
    ]);
  });

  it('0 is none: the wait ends with who is silent', async () => {
    const { clock, outcome } = start({ probeTimeoutMs: 0, timeoutMs: 20_000 }, (net) =>
      net.serve('127.0.0.1:15000', () => 'hang'),
    );
    await clock.advance(20_000);
    expect(await outcome).toMatchObject({
      kind: 'timed-out',
      subject: 'sidecar',
      mesh: 'auto',
      cause: 'no-answer',
      reason: 'http://localhost:15000/server_info has not answered for 20.0 s',
    });
  });

  it.each([
    [499, 'the sidecar is INITIALIZING'],
    [500, 'the sidecar is INITIALIZING'],
    [501, 'http://localhost:15000/ready has not answered for 501 ms (before: the sidecar is INITIALIZING)'],
  ])('a silence of %i ms at the end: %s', async (silentMs, reason) => {
    // With pauses this long the questions are asked one by one.
    const { clock, network, outcome } = start({ intervalMs: 2_000, timeoutMs: 4_000 + silentMs }, (net) =>
      serveSidecar(net, 'envoy', 'INITIALIZING'),
    );
    await clock.advance(3_000);
    network.serve('127.0.0.1:15000', () => 'hang');
    await clock.advance(1_000 + silentMs);
    expect(await outcome).toMatchObject({ reason });
  });
});

it('what else is waited for is named, and is no sidecar', async () => {
  const { clock, outcome } = start({ mesh: [], waitFor: [parseTarget('tcp://10.0.0.7:5432')], timeoutMs: 1_000 });
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({
    kind: 'timed-out',
    subject: 'tcp://10.0.0.7:5432',
    mesh: undefined,
    cause: 'absent',
  });
});
