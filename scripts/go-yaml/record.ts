/**
 * Records anew what Kubernetes' parser makes of the documents in documents.ts: `node scripts/go-yaml/record.ts`. Needs Go.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { reportBuildErrors } from '../run-command.ts';
import { runGo } from '../run-go.ts';
import { oddDocuments } from './documents.ts';

await reportBuildErrors(async () => {
  const input = JSON.stringify(Object.values(oddDocuments));
  const outcomes = JSON.parse(runGo(['run', '.'], { cwd: import.meta.dirname, input })) as object[];
  const recording = Object.entries(oddDocuments).map(([name, text], index) => ({ name, text, ...outcomes[index] }));
  const file = 'test/fixtures/check-read/go-yaml.json';
  writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  process.stdout.write(`${file}: ${recording.length} documents\n`);
});
