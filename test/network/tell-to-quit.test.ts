import { expect, test } from 'vitest';
import { createAsker } from '../../src/mesh/ask/asker.ts';
import { createCancelSource } from '../../src/mesh/ask/cancel.ts';
import { parseHttpUrl } from '../../src/mesh/ask/endpoint.ts';
import { type QuitResult, tellToQuit } from '../../src/mesh/quit/tell-to-quit.ts';
import { nodeClock, nodeTransport } from '../../src/sockets/node-transport.ts';
import { freePort } from '../helpers/free-port.ts';
import { type StandInSidecar, startStandInSidecar } from '../helpers/stand-in-sidecar.ts';

const notFound = 'enable it';

/** Tells an agent, or Envoy where there is no agent. */
async function tell(agent: StandInSidecar | number, envoy: StandInSidecar, timeoutMs = 5_000): Promise<QuitResult> {
  const agentUrl = typeof agent === 'number' ? `http://127.0.0.1:${agent}` : agent.url;
  const endpoints = [agentUrl, envoy.url].map((url) => parseHttpUrl(`${url}/quitquitquit`));
  const asker = createAsker(nodeTransport, nodeClock);
  const { signal } = createCancelSource();
  return tellToQuit(
    { endpoints, advice: { quitStatus: { 404: notFound } } },
    { asker, clock: nodeClock, timeoutMs, signal },
  );
}

const start = async () => ({ agent: await startStandInSidecar(), envoy: await startStandInSidecar() });

test('an agent that says 503 until the time is up: Envoy is not told behind its back', async () => {
  const { agent, envoy } = await start();
  agent.quitAnswers = [503];
  expect(await tell(agent, envoy, 1_500)).toMatchObject({
    kind: 'late',
    // The time may be up in the middle of an answer.
    said: expect.stringMatching(/\/quitquitquit (says 503|took the request and has not answered)$/),
  });
  expect(agent.quits().length).toBeGreaterThan(1);
  expect(envoy.requests).toEqual([]);
});

test('an agent that says 503, then 200: it is told again, and nobody else', async () => {
  const { agent, envoy } = await start();
  agent.quitAnswers = [503, 500, 200];
  expect(await tell(agent, envoy)).toEqual({ kind: 'taken', said: `${agent.url}/quitquitquit says 200` });
  expect(agent.quits()).toHaveLength(3);
  expect(envoy.requests).toEqual([]);
});

test('no agent: Envoy is told', async () => {
  const envoy = await startStandInSidecar();
  expect(await tell(await freePort(), envoy)).toEqual({ kind: 'taken', said: `${envoy.url}/quitquitquit says 200` });
  expect(envoy.quits()).toHaveLength(1);
});

test('no agent, and an Envoy that says 503: it is told again', async () => {
  const envoy = await startStandInSidecar();
  envoy.quitAnswers = [503, 200];
  expect(await tell(await freePort(), envoy)).toMatchObject({ kind: 'taken' });
  expect(envoy.quits()).toHaveLength(2);
});

test.each([
  [404, notFound],
  [403, undefined],
  [302, undefined],
] as const)('%i: the sidecar stays, and is not told again', async (status, advice) => {
  const { agent, envoy } = await start();
  agent.quitAnswers = [status];
  const said = `${agent.url}/quitquitquit says ${status}`;
  expect(await tell(agent, envoy)).toEqual({ kind: 'refused', said, advice });
  expect(agent.quits()).toHaveLength(1);
  expect(envoy.requests).toEqual([]);
});

test('a connection that ends before the answer: it has been told', async () => {
  const { agent, envoy } = await start();
  agent.quitAnswers = ['reset'];
  expect(await tell(agent, envoy)).toMatchObject({ kind: 'taken' });
  expect(agent.quits()).toHaveLength(1);
  expect(envoy.requests).toEqual([]);
});

test('no answer at all: late, and it is said who has the request', async () => {
  const { agent, envoy } = await start();
  agent.quitAnswers = ['hang'];
  const said = `${agent.url}/quitquitquit took the request and has not answered`;
  expect(await tell(agent, envoy, 200)).toEqual({ kind: 'late', said });
  expect(envoy.requests).toEqual([]);
});
