import { Agent, Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshAgent, type MeshAgent } from '../../../src/http/mesh-agent.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

test('goes over an agent of its own, with the options for it', async () => {
  const agent = createMeshAgent({ agent: { connections: 1 } });
  expect(agent).toBeInstanceOf(Dispatcher);
  expect(agent.transport).toBeInstanceOf(Agent);
  await agent.close();
});

test('goes over the dispatcher that it is given', async () => {
  const dispatcher = new Agent();
  const agent = createMeshAgent({ dispatcher });
  expect(agent.transport).toBe(dispatcher);
  await agent.destroy();
  expect(dispatcher.destroyed).toBe(true);
});

test('a wrong option is refused when it is made', () => {
  expect(() => createMeshAgent({ maxRetries: -1 })).toThrow('maxRetries');
});

test("options that undici's Agent refuses are told as wrong options, with its words", () => {
  const options = { agent: { maxOrigins: -1 } };
  expect(() => createMeshAgent(options)).toThrow(MeshOptionError);
  expect(() => createMeshAgent(options)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^createMeshAgent: .*agent.*maxOrigins must be a number greater than 0/),
      cause: expect.objectContaining({ code: 'UND_ERR_INVALID_ARG' }),
    }),
  );
});

test('close() and destroy() are promises', async () => {
  const agent = createMeshAgent();
  for (const pending of [agent.close(), agent.destroy()]) {
    expect(pending).toBeInstanceOf(Promise);
    await pending;
  }
});

describe('closes its transport', () => {
  test.each<[string, (agent: MeshAgent) => Promise<void>]>([
    ['close()', (agent) => agent.close()],
    ['close(callback)', (agent) => new Promise((resolve) => expect(agent.close(resolve)).toBeUndefined())],
    ['destroy()', (agent) => agent.destroy()],
    ['destroy(error)', (agent) => agent.destroy(new Error('enough'))],
    ['destroy(callback)', (agent) => new Promise((resolve) => agent.destroy(resolve))],
    ['destroy(error, callback)', (agent) => new Promise((resolve) => agent.destroy(new Error('enough'), resolve))],
  ])('%s', async (_, close) => {
    const agent = createMeshAgent();
    const transport = agent.transport as Agent;
    await close(agent);
    expect(transport.closed || transport.destroyed).toBe(true);
  });
});
