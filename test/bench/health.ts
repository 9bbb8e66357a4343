import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { until } from '../helpers/until.ts';

const kinds = ['bare', 'mesh-shim', 'mesh-shim-worker', 'lightship', 'terminus'];
const blockMs = 3000;

/** What a health server costs to start and to keep, and how it answers while the main thread is blocked, beside its peers. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-bench-'));
  try {
    await build({
      entryPoints: { health: 'src/health/index.ts', 'health-worker': 'src/health/worker.ts' },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
    });
    const bundle = pathToFileURL(join(folder, 'health.mjs')).href;
    process.stdout.write(
      'health server: median of 7 starts, then GET /livez while the main thread is blocked for 3 s\n',
    );
    process.stdout.write(
      `  ${'server'.padEnd(18)}${'start'.padStart(10)}${'memory'.padStart(10)}${'replies'.padStart(9)}${'p50'.padStart(12)}${'p99'.padStart(12)}\n`,
    );
    for (const kind of kinds) {
      const starts = [];
      for (let i = 0; i < 6; i++) starts.push((await measure(kind, bundle, false)).cost);
      const { cost, latencies } = await measure(kind, bundle, true);
      starts.push(cost);
      const startMs = quantile(
        starts.map((start) => start.startMs),
        0.5,
      );
      const rssMb = quantile(
        starts.map((start) => start.rssMb),
        0.5,
      );
      const columns = [
        `${startMs.toFixed(1)} ms`.padStart(10),
        `${rssMb.toFixed(1)} MB`.padStart(10),
        String(latencies.length).padStart(9),
      ];
      for (const q of [0.5, 0.99]) columns.push(`${quantile(latencies, q).toFixed(2)} ms`.padStart(12));
      process.stdout.write(`  ${kind.padEnd(18)}${columns.join('')}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(kind: string, bundle: string, block: boolean) {
  const program = fileURLToPath(new URL('./health-program.ts', import.meta.url));
  // The peers log to standard output.
  const child = spawn(process.execPath, [program, kind, bundle], { stdio: ['pipe', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const first = await until(`${kind} to start`, () => /^\{"port":.*\}$/m.exec(output)?.[0]);
  const { port, ...cost } = JSON.parse(first) as { port: number; startMs: number; rssMb: number };
  const latencies: number[] = [];
  const path = kind === 'lightship' ? '/live' : '/livez';
  await ask(port, path);
  if (block) {
    child.stdin.write(String(blockMs));
    await until('the block', () => output.includes('blocked'));
    while (!output.includes('free')) latencies.push(await ask(port, path));
  }
  child.kill('SIGKILL');
  return { cost, latencies };
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

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
