import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startFaultServer } from '../helpers/fault-server.ts';
import { freePort } from '../helpers/free-port.ts';
import { nodesWith } from '../helpers/nodes.ts';

// Node's own fetch brings an undici of its own, older than ours on all but the newest Node.

const client = new URL('../../src/http/index.ts', import.meta.url).href;
const undici = import.meta.resolve('undici');

/** A program that gives Node's fetch a mesh agent in each way, and tells what came of it. */
const program = (url: string, nobodyThere: number) => `
  import { setGlobalDispatcher } from ${JSON.stringify(undici)};
  import { createMeshAgent, meshFetch } from ${JSON.stringify(client)};
  const options = { backoffBaseMs: 1, arrivalCapMs: 10 };
  const outcomes = {};
  const note = async (name, pending) => {
    outcomes[name] = await pending.then(({ status }) => status, ({ name, cause }) => cause?.code ?? name);
  };
  const put = (body) => ({ method: 'PUT', body, headers: { 'idempotency-key': '1' } });
  await note('/option', fetch('${url}/option', { dispatcher: createMeshAgent(options) }));
  setGlobalDispatcher(createMeshAgent(options));
  await note('/get', fetch('${url}/get'));
  await note('/put', fetch('${url}/put', put('whole')));
  const form = new FormData();
  form.set('name', 'value');
  await note('/form', fetch('${url}/form', put(form)));
  await note('/abort', fetch('${url}/abort', { signal: AbortSignal.timeout(50) }));
  await note('/mesh-fetch', meshFetch('${url}/mesh-fetch', put('whole')));
  const nobody = createMeshAgent({ ...options, deadlineMs: 200 });
  setGlobalDispatcher(nobody);
  await note('/refused', fetch('http://127.0.0.1:${nobodyThere}/', { method: 'POST', body: 'whole' }));
  console.log(JSON.stringify(outcomes));
  process.exit();
`;

describe.each(nodesWith(22))("Node's own fetch, Node $version", ({ path }) => {
  test('with a mesh agent as its dispatcher, given or global', async () => {
    const seen = new Map<string, number>();
    const server = await startFaultServer(({ path: target }) => {
      seen.set(target, (seen.get(target) ?? 0) + 1);
      if (target === '/abort') return { do: 'hang' };
      return { do: 'reply', status: seen.get(target) === 1 ? 503 : 200 };
    });
    const child = spawn(path, ['--no-warnings', '--input-type=module', '-e', program(server.url, await freePort())], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    await once(child, 'close');
    expect(JSON.parse(output)).toEqual({
      '/option': 200,
      '/get': 200,
      // Under fetch a body is a stream, which is never sent twice.
      '/put': 503,
      '/form': 503,
      '/abort': 'TimeoutError',
      '/mesh-fetch': 200,
      // The deadline passes in a pause or during an attempt; either way nothing was sent.
      '/refused': expect.stringMatching(/^MESH_(UNREACHABLE|DEADLINE)$/),
    });
    expect(Object.fromEntries(seen)).toEqual({
      '/option': 2,
      '/get': 2,
      '/put': 1,
      '/form': 1,
      '/abort': 1,
      '/mesh-fetch': 2,
    });
    for (const { path: target, body } of server.received) {
      if (target === '/put' || target === '/mesh-fetch') expect(body.toString()).toBe('whole');
    }
    await server.close();
  });
});
