/**
 * Records anew what the API server says of the patches that `check` prints: `npm run record:patches`. Needs Go; the first
 * time, building the API server's code takes minutes.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { patchQuestions } from './questions.ts';

const questions = patchQuestions();
const result = spawnSync('go', ['run', '.'], {
  cwd: import.meta.dirname,
  input: JSON.stringify(questions.map(({ object, steps }) => ({ object, steps }))),
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (result.error || result.status !== 0) throw new Error(`go run: ${result.error?.message ?? result.stderr}`);
const answers = JSON.parse(result.stdout) as { refused: string[]; custom?: boolean }[];
const recorded = {
  recordedWith: 'scripts/patches (k8s.io/kubernetes v1.37.2)',
  answers: Object.fromEntries(questions.map(({ key, about }, index) => [key, { about, ...answers[index] }])),
};
writeFileSync('test/fixtures/patches/answers.json', `${JSON.stringify(recorded, undefined, 1)}\n`);
process.stderr.write(`recorded ${questions.length} answers\n`);
