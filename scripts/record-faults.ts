import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { faults, startFaultyMesh } from '../test/helpers/faulty-mesh.ts';
import { until } from '../test/helpers/until.ts';

/**
 * Records the log of a real Envoy with faults that were made on purpose, and beside it the truth: the cause of each line.
 * `npm run envoy` first, then `node scripts/record-faults.ts`.
 */
const folder = 'test/fixtures/explain';
/** Most calls of a real log go well. */
const callsPerFault = 15;
const goodCalls = 240;

const work = mkdtempSync(join(tmpdir(), 'mesh-shim-faults-'));
const log = join(work, 'access.log');
const mesh = await startFaultyMesh(log);
try {
  const rounds = Array.from({ length: callsPerFault }, () => faults).flat();
  const [good] = faults;
  const every = Math.ceil(rounds.length / (goodCalls - callsPerFault));
  const calls = rounds.flatMap((fault, index) => (good !== undefined && index % every === 0 ? [fault, good] : [fault]));
  const truth = new Map<string, string>();
  for (const [index, fault] of calls.entries()) {
    truth.set(`/${index}/`, fault.truth);
    await mesh.make(fault, `/${index}/`);
  }
  const linesOf = () => readFileSync(log, 'utf8').trimEnd().split('\n');
  await until('all lines', async () => linesOf().length >= calls.length);
  const byPort = new Map(faults.map(({ listener, truth: cause }) => [String(mesh.ports[listener]), cause]));
  const truths = linesOf().map((line) => {
    const [mark] = /\/\d+\/(?= HTTP)/.exec(line) ?? [];
    // A TCP connection has no path, but a listener of its own.
    const [, port = ''] = / 127\.0\.0\.1:(\d+) 127\.0\.0\.1:\d+ - \S+$/.exec(line) ?? [];
    return (mark === undefined ? undefined : truth.get(mark)) ?? byPort.get(port) ?? 'unknown';
  });
  // The paths name the faults: explain must not read the truth there.
  const lines = linesOf().map((line) => line.replace(/(?<="GET )\/[a-z0-9-]+(?=\/\d+\/)/, '/orders'));
  writeFileSync(join(folder, 'faults.log'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'faults.truth.json'), `${JSON.stringify(truths, null, 1)}\n`);
  process.stdout.write(`${lines.length} lines\n`);
} finally {
  await mesh.stop();
  rmSync(work, { recursive: true, force: true });
}
