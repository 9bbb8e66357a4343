/** Writes docs/images/demo.svg from a real run of the demo: `npm run record:demo`. It needs Envoy. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type RecordedLine, recordingSvg } from './recording-svg.ts';

const path = 'docs/images/demo.svg';
const child = spawn(process.execPath, ['examples/demo/demo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(child, 'close');
const lines: RecordedLine[] = [];
let startedAt: number | undefined;
for await (const text of createInterface({ input: child.stdout })) {
  startedAt ??= performance.now();
  lines.push({ atMs: performance.now() - startedAt, text: text.trimEnd() });
}
const [code] = await ended;
if (code === 0 && lines[0]?.text.includes('a real Envoy')) {
  mkdirSync('docs/images', { recursive: true });
  writeFileSync(path, recordingSvg('mesh-shim: the demo, as it ran', lines));
  process.stdout.write(`${path}: written\n`);
} else {
  process.stderr.write(`the demo ended with ${code}, or without a real Envoy (npm run envoy): nothing was written\n`);
  process.exitCode = 1;
}
