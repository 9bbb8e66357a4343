import { describe, expect, it } from 'vitest';
import { createAsker } from '../../../../src/mesh/ask/asker.ts';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { describeQuit, tellToQuit } from '../../../../src/mesh/quit/tell-to-quit.ts';
import { createCountingSignal } from '../../../helpers/counting-signal.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { createMemoryNetwork, type ServerAnswer } from '../../../helpers/memory-network.ts';

/** An agent and an Envoy that give these answers in turn, the last again and again; `none`: nothing listens. */
function createWorld(answers: { agent?: ServerAnswer[]; envoy?: ServerAnswer[] }, timeoutMs = 5_000) {
  const clock = createManualClock();
  const network = createMemoryNetwork();
  const source = createCountingSignal();
  const serve = (address: string, [...rest]: ServerAnswer[]) =>
    network.serve(address, () => (rest.length > 1 ? rest.shift() : rest[0]) ?? 200);
  if (answers.agent) serve('127.0.0.1:1', answers.agent);
  if (answers.envoy) serve('127.0.0.1:2', answers.envoy);
  const endpoints = ['http://127.0.0.1:1/quit', 'http://127.0.0.1:2/quit'].map(parseHttpUrl);
  const tell = () =>
    tellToQuit(
      { endpoints, advice: { quitStatus: { 404: 'enable it' }, quitRefused: 'start it' } },
      { asker: createAsker(network, clock), clock, timeoutMs, signal: source.signal },
    );
  const asked = () => network.requests.map((request) => request.slice('127.0.0.1:'.length, '127.0.0.1:1'.length));
  return { clock, network, source, serve, tell, asked };
}

describe('whoever has answered is the one to tell', () => {
  it.each<[string, ServerAnswer[], ServerAnswer[], string]>([
    ['an agent that takes it', [200], [200], '1'],
    ['an agent that says 5xx at first', [500, 503, 599, 204], [200], '1111'],
  ])('%s', async (_, agent, envoy, order) => {
    const { clock, tell, asked } = createWorld({ agent, envoy });
    const result = tell();
    await clock.advance(1_000);
    expect(await result).toMatchObject({ kind: 'taken' });
    expect(asked().join('')).toBe(order);
    expect(clock.pending()).toBe(0);
  });

  it('also when it is gone by then: Envoy is not told behind its back', async () => {
    const { clock, network, tell, asked } = createWorld({ agent: [503], envoy: [200] }, 1_000);
    const result = tell();
    await clock.advance(50);
    network.stop('127.0.0.1:1');
    await clock.advance(950);
    expect(await result).toEqual({
      kind: 'late',
      said: 'http://127.0.0.1:1/quit: connect ECONNREFUSED 127.0.0.1:1',
      advice: 'start it',
    });
    expect(asked().join('')).toBe('1');
  });

  it('the second, too', async () => {
    const { clock, serve, tell, asked } = createWorld({ envoy: [503, 503, 200] });
    const result = tell();
    await clock.advance(150);
    serve('127.0.0.1:1', [200]);
    await clock.advance(1_000);
    expect(await result).toEqual({ kind: 'taken', said: 'http://127.0.0.1:2/quit says 200' });
    expect(asked().join('')).toBe('222');
  });
});

describe('where nobody listens', () => {
  it('all are tried again every 100 ms, in their order', async () => {
    const { clock, serve, tell, asked } = createWorld({});
    const result = tell();
    await clock.advance(250);
    serve('127.0.0.1:1', [200]);
    serve('127.0.0.1:2', [200]);
    await clock.advance(49);
    expect(asked()).toEqual([]);
    await clock.advance(1);
    expect(await result).toEqual({ kind: 'taken', said: 'http://127.0.0.1:1/quit says 200' });
    expect(asked().join('')).toBe('1');
  });

  it('it is late after the limit, and nothing is left behind', async () => {
    const { clock, tell } = createWorld({}, 1_000);
    const result = tell();
    await clock.advance(1_000);
    expect(await result).toEqual({
      kind: 'late',
      said: 'http://127.0.0.1:1/quit: connect ECONNREFUSED 127.0.0.1:1; http://127.0.0.1:2/quit: connect ECONNREFUSED 127.0.0.1:2',
      advice: 'start it',
    });
    expect(clock.pending()).toBe(0);
  });

  it('nor when it has been taken', async () => {
    const { clock, source, tell } = createWorld({ agent: [503, 200] });
    const result = tell();
    await clock.advance(50);
    expect(source.listeners()).toBeGreaterThan(0);
    await clock.advance(50);
    await result;
    expect(source.listeners()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('a connection that does not come about is no request that was taken', async () => {
    const { clock, network, tell } = createWorld({}, 1_000);
    network.blackHole('127.0.0.1:1');
    const result = tell();
    await clock.advance(1_000);
    expect(await result).toEqual({ kind: 'late', said: 'no time was left to ask' });
    expect(network.open()).toBe(0);
  });

  it('0 is no limit', async () => {
    const { clock, source, tell } = createWorld({}, 0);
    const result = tell();
    await clock.advance(3_600_000);
    source.cancel();
    await clock.advance(0);
    expect(await result).toMatchObject({ kind: 'late' });
    expect(clock.pending()).toBe(0);
  });

  it('nobody is asked once it is cancelled', async () => {
    const { source, tell, asked } = createWorld({ agent: [200] });
    source.cancel();
    expect(await tell()).toEqual({ kind: 'late', said: 'no time was left to ask' });
    expect(asked()).toEqual([]);
  });
});

describe('what may have been heard is not repeated', () => {
  it('a connection that ends before the answer', async () => {
    const { tell, asked } = createWorld({ agent: ['reset'], envoy: [200] });
    expect(await tell()).toEqual({
      kind: 'taken',
      said: 'http://127.0.0.1:1/quit gave no usable answer: ECONNRESET before an answer',
    });
    expect(asked().join('')).toBe('1');
  });

  it('silence', async () => {
    const { clock, tell, asked } = createWorld({ agent: ['hang'], envoy: [200] }, 3_000);
    const result = tell();
    await clock.advance(3_000);
    expect(await result).toEqual({
      kind: 'late',
      said: 'http://127.0.0.1:1/quit took the request and has not answered',
    });
    expect(asked().join('')).toBe('1');
  });

  it.each([
    [300, undefined],
    [403, undefined],
    [404, 'enable it'],
    [499, undefined],
  ])('%i: a refusal', async (status, advice) => {
    const { tell, asked } = createWorld({ agent: [status], envoy: [200] });
    expect(await tell()).toEqual({ kind: 'refused', said: `http://127.0.0.1:1/quit says ${status}`, advice });
    expect(asked().join('')).toBe('1');
  });
});

it.each([
  [{ kind: 'taken', said: 'x says 200' }, 'told the sidecar to quit: x says 200'],
  [
    { kind: 'refused', said: 'x says 403', advice: undefined },
    'the sidecar does not take the request to quit and stays: x says 403',
  ],
  [
    { kind: 'refused', said: 'x says 404', advice: 'enable it' },
    'the sidecar does not take the request to quit and stays: x says 404; enable it',
  ],
  [
    { kind: 'late', said: 'x says 503', advice: undefined },
    'the sidecar could not be told to quit in time and may stay: x says 503',
  ],
  [
    { kind: 'late', said: 'x: connect', advice: 'start it' },
    'the sidecar could not be told to quit in time and may stay: x: connect; start it',
  ],
] as const)('%j in words', (result, text) => {
  expect(describeQuit(result)).toBe(text);
});
