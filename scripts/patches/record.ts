/**
 * Records anew what the API server says of the patches that `check` prints: `npm run record:patches`. Needs Go; the first
 * time, building the API server's code takes minutes.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { reportBuildErrors } from '../run-command.ts';
import { runGo } from '../run-go.ts';
import { patchQuestions } from './questions.ts';

await reportBuildErrors(async () => {
  const questions = patchQuestions();
  const input = JSON.stringify(questions.map(({ object, steps }) => ({ object, steps })));
  const answers = JSON.parse(runGo(['run', '.'], { cwd: import.meta.dirname, input })) as {
    refused: string[];
    custom?: boolean;
  }[];
  const recorded = {
    recordedWith: 'scripts/patches (k8s.io/kubernetes v1.37.2)',
    answers: Object.fromEntries(questions.map(({ key, about }, index) => [key, { about, ...answers[index] }])),
  };
  writeFileSync('test/fixtures/patches/answers.json', `${JSON.stringify(recorded, undefined, 1)}\n`);
  process.stderr.write(`recorded ${questions.length} answers\n`);
});
