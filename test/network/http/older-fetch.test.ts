import { Agent, type Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { createMeshAgent, meshRetry } from '../../../src/http/index.ts';
import { once, serving } from '../../helpers/serving.ts';

const { serve, atEnd } = serving();

/** What the fetch of Node 22 hands to a dispatcher: undici's interface before its version 8. Node's own is met in test/process. */
function fetchOfNode22(dispatcher: Dispatcher, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const handler = {
      onConnect() {},
      onHeaders(code: number) {
        status = code;
        return true;
      },
      onData: () => true,
      onComplete: () => resolve(status),
      onError: reject,
    };
    dispatcher.dispatch({ origin: url, path: '/', method: 'GET' }, handler as never);
  });
}

test.each([
  ['createMeshAgent', () => createMeshAgent({ backoffBaseMs: 5 })],
  ['meshRetry', () => new Agent().compose(meshRetry({ backoffBaseMs: 5 }))],
])('%s answers a fetch that calls it by the older interface', async (_, make) => {
  const server = await serve(once({ do: 'reply', status: 503 }));
  const dispatcher = make();
  atEnd(() => dispatcher.destroy());
  expect(await fetchOfNode22(dispatcher, server.url)).toBe(200);
  expect(server.received).toHaveLength(2);
});
