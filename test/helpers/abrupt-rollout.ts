import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgram } from './program.ts';
import { startTwoSidecars } from './two-sidecars.ts';
import { until } from './until.ts';

export type Send = (
  url: string,
  init: { method: string; body?: string },
) => Promise<{ status: number; text(): Promise<string> }>;

export interface AbruptRollout {
  readonly requests: Readonly<Record<'GET' | 'POST', number>>;
  readonly failed: Readonly<Record<'GET' | 'POST', number>>;
  /** By what their senders saw. `connection termination`: the app ended with the request in its hands, or in its socket. */
  readonly failures: Readonly<Record<string, number>>;
  /** POSTs that apps have read more than once. */
  readonly readTwice: readonly string[];
}

/**
 * Restarts two replicas in turn that end at once on SIGTERM, behind two sidecars whose endpoints stay as they are, as they do for a second
 * or so in a cluster. 40 requests a second, started by the clock, every other one a POST.
 */
export async function runAbruptRollout(restarts: number, send: Send): Promise<AbruptRollout> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-rollout-'));
  const journal = join(folder, 'read');
  writeFileSync(journal, '');
  const mesh = await startTwoSidecars(2);
  const start = async (at: number) => {
    const program = startProgram('test/fixtures/http/ends-at-once.ts', [String(mesh.appPorts[at]), journal]);
    await program.ready();
    return program;
  };
  const programs = await Promise.all([start(0), start(1)]);
  const requests = { GET: 0, POST: 0 };
  const failed = { GET: 0, POST: 0 };
  const failures: Record<string, number> = {};
  const inFlight = new Set<Promise<void>>();
  const ask = (method: 'GET' | 'POST') => {
    requests[method] += 1;
    const id = `/${method}-${requests[method]}`;
    const init = method === 'POST' ? { method, body: 'an order' } : { method };
    const done = send(`${mesh.url}${id}`, init)
      .then((reply) => reply.text())
      .catch(String)
      .then((text) => {
        inFlight.delete(done);
        if (text === 'ok') return;
        failed[method] += 1;
        const reason = text.split('reset reason: ').at(-1) ?? text;
        failures[reason] = (failures[reason] ?? 0) + 1;
      });
    inFlight.add(done);
  };
  try {
    await until('both sidecars', async () => (await (await fetch(`${mesh.url}/warm-up`)).text()) === 'ok');
    const startedAt = performance.now();
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        const due = ((performance.now() - startedAt) * 40) / 1000;
        while (requests.GET + requests.POST < due) ask(requests.GET <= requests.POST ? 'GET' : 'POST');
        await delay(10);
      }
    })();
    for (let restart = 0; restart < restarts; restart += 1) {
      const at = restart % 2;
      await delay(400);
      programs[at]?.child.kill('SIGTERM');
      await programs[at]?.ended;
      await delay(400);
      programs[at] = await start(at);
    }
    isOver = true;
    await load;
    await Promise.all(inFlight);
  } finally {
    for (const program of programs) program.kill();
    await mesh.stop();
  }
  const read = readFileSync(journal, 'utf8').trim().split('\n');
  rmSync(folder, { recursive: true, force: true });
  const posts = read.filter((id) => id.startsWith('/POST'));
  return { requests, failed, failures, readTwice: posts.filter((id, at) => posts.indexOf(id) !== at) };
}
