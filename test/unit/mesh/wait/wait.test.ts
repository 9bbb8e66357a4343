import { describe, expect, it } from 'vitest';
import type { Asker } from '../../../../src/mesh/ask/asker.ts';
import { createCancelSource } from '../../../../src/mesh/ask/cancel.ts';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import type { Observation } from '../../../../src/mesh/ask/question.ts';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import { createEndpointGate } from '../../../../src/mesh/wait/endpoint-gate.ts';
import { httpTarget } from '../../../../src/mesh/wait/target.ts';
import { type WaitProgress, waitUntilReady } from '../../../../src/mesh/wait/wait.ts';
import type { WaitPlan } from '../../../../src/mesh/wait/wait-plan.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';

const says = (status: number): Observation => ({ kind: 'reply', status, body: '' });
const refused: Observation = { kind: 'failed', failure: 'refused', detail: 'connect ECONNREFUSED', sent: false };

/** What an address answers, and how long it takes to. */
type Answer = { observation: Observation; afterMs?: number } | 'hangs';

function createWorld(inKubernetes = true) {
  const clock = createManualClock();
  const source = createCancelSource();
  const answers = new Map<string, Answer>();
  const asked: { name: string; at: number }[] = [];
  const progress: WaitProgress[] = [];
  const looks: number[] = [];
  const asker: Asker = {
    ask: ({ endpoint }, _, signal) =>
      new Promise((resolve) => {
        const name = endpoint.authority;
        asked.push({ name, at: clock.now() });
        const answer = answers.get(name) ?? { observation: refused };
        const cancelled: Observation = { kind: 'failed', failure: 'timeout', detail: 'cancelled', sent: true };
        const stopTimer =
          answer === 'hangs' ? () => {} : clock.after(answer.afterMs ?? 0, () => settle(answer.observation));
        const stopListening = signal.onCancel(() => settle(cancelled));
        const settle = (observation: Observation): void => {
          stopTimer();
          stopListening();
          resolve(observation);
        };
      }),
    repeat: () => undefined,
    areRefused: () => Promise.resolve(false),
    leastLookMs: 1,
    close: () => {},
  };
  const gate = (name: string, mesh?: Mesh) =>
    createEndpointGate({ ...httpTarget(parseHttpUrl(`http://${name}`)), subject: name, mesh });
  const wait = (plan: Partial<WaitPlan> = {}) =>
    waitUntilReady(
      {
        sidecars: [gate('sidecar', 'auto')],
        others: [],
        read: () => undefined,
        mode: 'auto',
        timeoutMs: 60_000,
        probeTimeoutMs: 5_000,
        intervalMs: 10,
        ...plan,
      },
      {
        asker,
        clock,
        signal: source.signal,
        surroundings: () => {
          looks.push(clock.now());
          return { inKubernetes, listeningPorts: new Set() };
        },
        onProgress: (step) => progress.push(step),
      },
    );
  const set = (name: string, observation: Observation, afterMs = 0) => answers.set(name, { observation, afterMs });
  return { clock, source, answers, asked, progress, gate, wait, set, looks };
}

describe('the wait', () => {
  it('ends at the first look where all is ready', async () => {
    const { clock, wait, set } = createWorld();
    set('sidecar', says(200));
    const outcome = wait();
    await clock.advance(0);
    expect(await outcome).toEqual({
      kind: 'ready',
      waitedMs: 0,
      probes: 1,
      sidecars: [{ kind: 'ready', subject: 'sidecar', mesh: 'auto', proof: 'http://sidecar says 200' }],
      absences: [],
    });
    expect(clock.pending()).toBe(0);
  });

  it('asks in the given cadence, and once at a time', async () => {
    const { clock, wait, set, asked } = createWorld();
    set('sidecar', says(503), 3);
    const outcome = wait();
    await clock.advance(100);
    expect(asked.map(({ at }) => at)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    set('sidecar', says(200));
    await clock.advance(20);
    expect(await outcome).toMatchObject({ kind: 'ready', waitedMs: 110, probes: 12 });
  });

  it('waits for a slow answer instead of asking again', async () => {
    const { clock, wait, set, asked } = createWorld();
    set('sidecar', says(200), 870);
    const outcome = wait();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ kind: 'ready', waitedMs: 870 });
    expect(asked).toHaveLength(1);
  });

  it('tells each change of the reason, and each once', async () => {
    const { clock, wait, set, progress } = createWorld();
    const outcome = wait();
    await clock.advance(100);
    set('sidecar', says(503));
    await clock.advance(100);
    set('sidecar', says(200));
    await clock.advance(100);
    await outcome;
    expect(progress.map(({ ready, reason }) => [ready, reason])).toEqual([
      [false, 'http://sidecar: connect ECONNREFUSED'],
      [false, 'http://sidecar says 503'],
      [true, 'http://sidecar says 200'],
    ]);
  });

  it('of several sidecars is for all', async () => {
    const { clock, wait, set, gate } = createWorld();
    set('a', says(200));
    set('b', says(503));
    const outcome = wait({ sidecars: [gate('a'), gate('b')] });
    await clock.advance(500);
    set('b', says(200));
    await clock.advance(50);
    expect(await outcome).toMatchObject({ kind: 'ready', sidecars: [{ subject: 'a' }, { subject: 'b' }] });
  });

  it('for no sidecar is for the others alone', async () => {
    const { clock, wait, set, gate } = createWorld();
    set('db', says(200));
    const outcome = wait({ sidecars: [], others: [gate('db')] });
    await clock.advance(0);
    expect(await outcome).toMatchObject({ kind: 'ready', sidecars: [], probes: 1 });
  });
});

describe('the others', () => {
  it('are asked once the sidecar is ready, since the way leads through it', async () => {
    const { clock, wait, set, gate, asked } = createWorld();
    set('sidecar', says(503));
    set('db', says(200));
    const outcome = wait({ others: [gate('db')] });
    await clock.advance(200);
    expect(asked.some(({ name }) => name === 'db')).toBe(false);
    set('sidecar', says(200));
    await clock.advance(50);
    await outcome;
    expect(asked.at(-1)?.name).toBe('db');
  });

  it('that take long make the word of the sidecar stale: it is asked again', async () => {
    const { clock, wait, set, gate, asked } = createWorld();
    set('sidecar', says(200));
    const outcome = wait({ others: [gate('db')] });
    await clock.advance(5_000);
    set('sidecar', says(503));
    set('db', says(200));
    await clock.advance(5_000);
    expect(asked.filter(({ name, at }) => name === 'sidecar' && at > 5_000).length).toBeGreaterThan(1);
    set('sidecar', says(200));
    await clock.advance(500);
    expect(await outcome).toMatchObject({ kind: 'ready' });
    expect(asked.slice(-2).map(({ name }) => name)).toEqual(['sidecar', 'db']);
  });

  it.each([
    [1_000, 2],
    [1_001, 3],
  ])('that take %i ms: %i questions, since the word of the sidecar is good for a second', async (afterMs, probes) => {
    const { clock, wait, set, gate } = createWorld();
    set('sidecar', says(200));
    set('db', says(200), afterMs);
    const outcome = wait({ others: [gate('db')] });
    await clock.advance(5_000);
    expect(await outcome).toMatchObject({ kind: 'ready', probes });
  });

  it('that always take long to answer do not make the wait endless', async () => {
    const { clock, wait, set, gate } = createWorld();
    set('sidecar', says(200));
    set('db', says(200), 1_500);
    const outcome = wait({ others: [gate('db')], timeoutMs: 0 });
    await clock.advance(20_000);
    expect(await outcome).toMatchObject({ kind: 'ready', waitedMs: 1_500, probes: 3 });
  });

  it('are blamed by name when they are what was missing', async () => {
    const { clock, wait, set, gate } = createWorld();
    set('sidecar', says(200));
    set('db', says(503));
    const outcome = wait({ others: [gate('db')], timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({
      kind: 'timed-out',
      subject: 'db',
      mesh: undefined,
      reason: 'http://db says 503',
      cause: 'says-no',
    });
    expect(clock.pending()).toBe(0);
  });
});

describe('a wait that runs out', () => {
  it('names who was not ready and why, after exactly its time', async () => {
    const { clock, wait, set } = createWorld();
    set('sidecar', says(503));
    const outcome = wait({ timeoutMs: 3_000 });
    await clock.advance(3_000);
    expect(await outcome).toMatchObject({
      kind: 'timed-out',
      subject: 'sidecar',
      reason: 'http://sidecar says 503',
      mesh: 'auto',
      cause: 'says-no',
      waitedMs: 3_000,
    });
    expect(clock.pending()).toBe(0);
  });

  it('says that nothing was there', async () => {
    const { clock, wait } = createWorld();
    const outcome = wait({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ kind: 'timed-out', cause: 'absent' });
  });

  it('blames an answer that hangs, and says what was before', async () => {
    const { clock, wait, set, answers } = createWorld();
    set('sidecar', says(503));
    const outcome = wait({ timeoutMs: 3_000 });
    await clock.advance(995);
    answers.set('sidecar', 'hangs');
    await clock.advance(2_005);
    expect(await outcome).toMatchObject({
      reason: 'http://sidecar has not answered for 2.0 s (before: http://sidecar says 503)',
      cause: 'no-answer',
    });
  });

  it('without a limit waits on', async () => {
    const { clock, wait, set, source } = createWorld();
    set('sidecar', says(503));
    const outcome = wait({ timeoutMs: 0 });
    await clock.advance(600_000);
    source.cancel();
    expect(await outcome).toMatchObject({ kind: 'cancelled', waitedMs: 600_000 });
    expect(clock.pending()).toBe(0);
  });
});

describe('an absent sidecar', () => {
  it('is not asked again when what else is waited for has taken long', async () => {
    const { clock, wait, set, gate, asked } = createWorld(false);
    const outcome = wait({ others: [gate('db')] });
    await clock.advance(5_000);
    set('db', says(200));
    await clock.advance(100);
    expect(await outcome).toMatchObject({ kind: 'ready', sidecars: [], absences: [{ kind: 'no-sidecar' }] });
    expect(asked.filter(({ name }) => name === 'sidecar')).toHaveLength(1);
  });
});

it('a sidecar that is absent is not to blame for what else is missing', async () => {
  const { clock, wait, gate } = createWorld(false);
  const outcome = wait({ others: [gate('db')], timeoutMs: 1_000 });
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({ kind: 'timed-out', subject: 'db', mesh: undefined, cause: 'absent' });
});

describe('cancelled', () => {
  it('ends at once: before, between and during questions', async () => {
    for (const afterMs of [0, 5, 15]) {
      const { clock, wait, answers, source } = createWorld();
      answers.set('sidecar', afterMs === 15 ? 'hangs' : { observation: says(503) });
      if (afterMs === 0) source.cancel();
      const outcome = wait();
      await clock.advance(afterMs);
      source.cancel();
      expect(await outcome).toMatchObject({ kind: 'cancelled' });
      expect(clock.pending()).toBe(0);
    }
  });
});

describe('where nothing listens', () => {
  it('outside Kubernetes it ends at once, and says so', async () => {
    const { clock, wait } = createWorld(false);
    const outcome = wait();
    await clock.advance(0);
    expect(await outcome).toMatchObject({ kind: 'ready', sidecars: [], absences: [{ kind: 'no-sidecar' }], probes: 1 });
  });

  it('in Kubernetes it looks around now and then, not at each question', async () => {
    const { clock, wait, set, looks, asked } = createWorld();
    const outcome = wait();
    await clock.advance(1_900);
    expect(asked.length).toBeGreaterThan(150);
    expect(looks).toEqual([0, 500, 1_000, 1_500]);
    set('sidecar', says(200));
    await clock.advance(100);
    await outcome;
  });

  it('required waits everywhere, and looks for no other reason than to say what is there', async () => {
    const { clock, wait, looks } = createWorld(false);
    const outcome = wait({ mode: 'required', timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ kind: 'timed-out', recognised: [] });
    expect(looks).toEqual([1_000]);
  });

  it('a named one that does not come is no reason to look who is there instead', async () => {
    const { clock, wait, gate, looks } = createWorld();
    const outcome = wait({ sidecars: [gate('sidecar', 'dapr')], mode: 'required', timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ kind: 'timed-out', recognised: [] });
    expect(looks).toEqual([]);
  });

  it('something that hangs is no absence', async () => {
    const { clock, wait, answers } = createWorld(false);
    answers.set('sidecar', 'hangs');
    const outcome = wait({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ kind: 'timed-out', cause: 'no-answer' });
  });

  it('ends at once where this process may not ask, and blames that', async () => {
    const { clock, asked, gate, wait, set } = createWorld();
    set('other', { kind: 'failed', failure: 'denied', detail: 'connect ERR_ACCESS_DENIED', sent: false }, 20);
    const outcome = wait({ sidecars: [gate('sidecar'), gate('other')], mode: 'required' });
    await clock.advance(20);
    expect(await outcome).toMatchObject({
      kind: 'timed-out',
      subject: 'other',
      cause: 'denied',
      reason: 'http://other: connect ERR_ACCESS_DENIED',
      waitedMs: 20,
    });
    expect(asked.filter(({ name }) => name === 'other')).toHaveLength(1);
  });
});
