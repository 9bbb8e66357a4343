import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { patchQuestions } from '../../../../scripts/patches/questions.ts';

interface Answer {
  readonly refused: readonly string[];
  readonly custom?: boolean;
}

const { answers } = JSON.parse(readFileSync('test/fixtures/patches/answers.json', 'utf8')) as {
  answers: Record<string, Answer>;
};
const questions = patchQuestions();
const answerOf = (key: string) => answers[key];

it('the API server has been asked of every patch that the fixtures of the rules give, and of no other (npm run record:patches)', () => {
  expect(questions.map(({ key }) => key)).toEqual(Object.keys(answers).toSorted());
  expect(questions.length).toBeGreaterThan(100);
});

it('it takes all that is printed, also one after the other', () => {
  const refused = questions.filter(({ key, told }) => told === 'patch' && answerOf(key)?.refused.length !== 0);
  expect(refused.map(({ key, about }) => [about, answerOf(key)?.refused])).toEqual([]);
});

it('it refuses what is said not to be patched', () => {
  const told = questions.filter((question) => question.told === 'replace' && answerOf(question.key)?.custom !== true);
  expect(told.length).toBeGreaterThan(5);
  expect(told.filter(({ key }) => answerOf(key)?.refused.length === 0).map(({ about }) => about)).toEqual([]);
});
