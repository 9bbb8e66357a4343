import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type FaultServer, startFaultServer } from '../helpers/fault-server.ts';
import { freePort } from '../helpers/free-port.ts';

const client = new URL('../../src/http/index.ts', import.meta.url).href;

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly tookMs: number;
}

async function run(code: string, onOutput: (output: string) => void = () => {}): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    onOutput(output);
  });
  const [exit] = (await once(child, 'close')) as [number];
  return { code: exit, output, tookMs: performance.now() - started };
}

test('a process whose only work is a request that waits does not end before it', async () => {
  const port = await freePort();
  let server: Promise<FaultServer> | undefined;
  const { code, output } = await run(
    `
      import { createMeshFetch } from ${JSON.stringify(client)};
      const logger = { debug() {}, info() { console.log('waiting'); }, warn() {}, error() {} };
      const reply = await createMeshFetch({ logger })('http://127.0.0.1:${port}/');
      console.log(await reply.text());
      process.exit(0);
    `,
    () => {
      server ??= startFaultServer(() => ({ do: 'reply' }), port);
    },
  );
  expect([code, output]).toEqual([0, 'waiting\nok\n']);
  await (await server)?.close();
});

test('deadlines keep no process alive', async () => {
  const server = await startFaultServer(() => ({ do: 'reply', headers: { connection: 'close' } }));
  const minute = 60_000;
  const { code, output, tookMs } = await run(`
    import { request } from ${JSON.stringify(import.meta.resolve('undici'))};
    import { createMeshAgent } from ${JSON.stringify(client)};
    const dispatcher = createMeshAgent({ deadlineMs: ${minute} });
    console.log(await (await request('${server.url}', { dispatcher })).body.text());
  `);
  expect([code, output]).toEqual([0, 'ok\n']);
  expect(tookMs).toBeLessThan(minute);
  await server.close();
});
