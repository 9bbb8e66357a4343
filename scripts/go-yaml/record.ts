/**
 * Records anew what Kubernetes' parser makes of the documents in documents.ts: `node scripts/go-yaml/record.ts`. Needs Go.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { oddDocuments } from './documents.ts';

const result = spawnSync('go', ['run', '.'], {
  cwd: import.meta.dirname,
  input: JSON.stringify(Object.values(oddDocuments)),
  encoding: 'utf8',
});
if (result.error || result.status !== 0) throw new Error(`go run: ${result.error?.message ?? result.stderr}`);
const outcomes = JSON.parse(result.stdout) as object[];
const recording = Object.entries(oddDocuments).map(([name, text], index) => ({ name, text, ...outcomes[index] }));
const file = 'test/fixtures/check-read/go-yaml.json';
writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
process.stdout.write(`${file}: ${recording.length} documents\n`);
