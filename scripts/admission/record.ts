/**
 * Records anew what the API server makes of the pods in test/fixtures/admission: `node scripts/admission/record.ts`. Needs
 * Go; the first time, building the API server's code takes minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseAllDocuments } from 'yaml';
import { BuildError, reportBuildErrors } from '../run-command.ts';
import { runGo } from '../run-go.ts';
import { expressionsHash, type Policy } from './expressions.ts';

interface Recording {
  recordedWith: string;
  expressionsSha256: string;
  pods: { name: string; before: object; after: object; again: 'unchanged' | 'changed' }[];
}

const policies = ['image-volume', 'init-container'] as const;

/** What the API server's code makes of pods. */
function apply(policy: string, pods: readonly object[]): object[] {
  const answer = runGo(['run', '.', resolve(policy)], { cwd: import.meta.dirname, input: JSON.stringify(pods) });
  return (JSON.parse(answer) as { pod?: { status?: unknown }; error?: string }[]).map(({ pod, error }) => {
    if (!pod) throw new BuildError(`${policy} refuses a pod: ${error}`);
    const { status: _, ...rest } = pod;
    return rest;
  });
}

await reportBuildErrors(async () => {
  for (const name of policies) {
    const path = `examples/admission-policy/${name}.yaml`;
    const file = join('test/fixtures/admission', `${name}.json`);
    const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    const [policy] = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as Policy);
    const after = apply(
      path,
      recording.pods.map(({ before }) => before),
    );
    const again = apply(path, after);
    recording.expressionsSha256 = policy ? expressionsHash(policy) : '';
    recording.pods = recording.pods.map(({ name: pod, before }, index) => ({
      name: pod,
      before,
      after: after[index] ?? {},
      again: JSON.stringify(after[index]) === JSON.stringify(again[index]) ? 'unchanged' : 'changed',
    }));
    writeFileSync(file, `${JSON.stringify(recording, undefined, 2)}\n`);
    process.stderr.write(`recorded ${file}\n`);
  }
});
