import { spawn } from 'node:child_process';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { until } from '../helpers/until.ts';
import { median, percentile } from './measure.ts';
import { printTable } from './table.ts';

const kinds = ['bare', 'terminus', 'lightship', 'mesh-shim', 'mesh-shim-worker'] as const;
const rounds = 5;
const blockMs = 3000;
const idleReplies = 200;
/** What the worker must keep to, with the main thread blocked. */
const p99LimitMs = 5;

interface Measured {
  readonly startMs: number;
  /** What the server costs once it has answered, over the process as it was before. */
  readonly rssMb: number;
  readonly idleP99Ms: number;
  readonly blocked: readonly number[];
}

/**
 * What a health server costs to start and to keep, and how it answers while the main thread is idle and while it is blocked,
 * beside its peers. The rounds go over all servers, so that a machine that is slow for a while is slow for each.
 */
export async function run(): Promise<void> {
  const bundle = pathToFileURL(join(process.cwd(), 'dist', 'health.mjs')).href;
  const all = new Map(kinds.map((kind) => [kind, [] as Measured[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) all.get(kind)?.push(await measure(kind, bundle));
  }
  const of = (kind: (typeof kinds)[number], figure: (one: Measured) => number) =>
    median((all.get(kind) ?? []).map(figure));
  const memory = (kind: (typeof kinds)[number]) => of(kind, ({ rssMb }) => rssMb);
  const worst = (part: number) => (one: Measured) => percentile(one.blocked, part);
  printTable(
    `health server: medians of ${rounds} rounds; GET /livez, each on a connection of its own; the main thread blocked for ${blockMs} ms`,
    ['server', 'start', 'memory', 'of lightship', 'of terminus', 'p99 idle', 'replies', 'p50 blocked', 'p99 blocked'],
    kinds.map((kind) => [
      kind,
      `${of(kind, ({ startMs }) => startMs).toFixed(1)} ms`,
      `${memory(kind).toFixed(1)} MB`,
      `x${(memory(kind) / memory('lightship')).toFixed(2)}`,
      `x${(memory(kind) / memory('terminus')).toFixed(2)}`,
      `${of(kind, ({ idleP99Ms }) => idleP99Ms).toFixed(2)} ms`,
      String(of(kind, ({ blocked }) => blocked.length)),
      `${of(kind, worst(0.5)).toFixed(2)} ms`,
      `${of(kind, worst(0.99)).toFixed(2)} ms`,
    ]),
  );
  const p99 = of('mesh-shim-worker', worst(0.99));
  process.stdout.write(`worker, blocked: p99 ${p99.toFixed(2)} ms, limit ${p99LimitMs} ms\n`);
  if (!(p99 <= p99LimitMs)) process.exitCode = 1;
}

async function measure(kind: string, bundle: string): Promise<Measured> {
  const program = fileURLToPath(new URL('./health-program.ts', import.meta.url));
  // The peers log to standard output.
  const child = spawn(process.execPath, [program, kind, bundle], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const said = (pattern: RegExp) => until(`${kind}: ${pattern}`, () => pattern.exec(output)?.[0]);
    const { port, startMs } = JSON.parse(await said(/^\{"port":.*\}$/m)) as { port: number; startMs: number };
    const path = kind === 'lightship' ? '/live' : '/livez';
    const idle: number[] = [];
    for (let i = 0; i < idleReplies; i += 1) idle.push(await ask(port, path));
    child.stdin.write('memory\n');
    const { rssMb } = JSON.parse(await said(/^\{"rssMb":.*\}$/m)) as { rssMb: number };
    child.stdin.write(`${blockMs}\n`);
    await said(/^blocked$/m);
    const blocked: number[] = [];
    while (!output.includes('free')) blocked.push(await ask(port, path));
    return { startMs, rssMb, idleP99Ms: percentile(idle, 0.99), blocked };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Milliseconds until the whole reply has come, on a connection of its own as a kubelet makes it. */
function ask(port: number, path: string): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = get({ host: '127.0.0.1', port, path, agent: new Agent() }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - startedAt));
    });
    sent.on('error', reject);
  });
}
