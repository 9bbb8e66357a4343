/**
 * How sure the checker is: prints, for each rule, how many of its findings on test/corpus are true, and how much it sees;
 * then each place where it is wrong. `node scripts/how-sure.ts [GROUP]`
 */
import process from 'node:process';
import { allRules } from '../src/check/rules/index.ts';
import { corpus, figuresOf, judge, type RuleFigures, type Verdict } from '../test/helpers/corpus.ts';
import { markdownTable } from './markdown-table.ts';

export function verdicts(group = ''): Verdict[] {
  return corpus.filter(({ name }) => name.startsWith(group)).flatMap(judge);
}

/** The figures of all rules that the corpus speaks of, and of all together. */
export function precisionTable(all: readonly Verdict[]): string {
  const rows = allRules.map(({ id }) => figuresOf(id, all)).filter(isSpoken);
  const sum = figuresOf(
    'all',
    all.map((verdict) => ({ ...verdict, rule: 'all' })),
  );
  return markdownTable(
    ['rule', 'errors', 'warnings', 'infos', 'false', 'missed', 'precision', 'recall'],
    [
      ...rows.map((figures) => [`[${figures.rule}](rules/${figures.rule}.md)`, ...numbers(figures)]),
      ['all', ...numbers(sum)],
    ],
  );
}

/** The rules that no file of the corpus makes speak: of those nothing is said here. */
export function silentRules(all: readonly Verdict[]): string {
  const silent = allRules.map(({ id }) => figuresOf(id, all)).filter((figures) => !isSpoken(figures));
  if (silent.length === 0) return 'Each rule finds something in the corpus.';
  return `Not in the corpus, or silent on it: ${silent.map(({ rule }) => `[${rule}](rules/${rule}.md)`).join(', ')}.`;
}

export function corpusSize(): string {
  const claims = corpus.flatMap(({ must }) => must).length;
  const traps = corpus.flatMap(({ mustNot }) => mustNot).length;
  return `${corpus.length} files: ${claims} findings that must come, and ${traps} likely mistakes that must not.`;
}

function isSpoken({ errors, warnings, infos, missed }: RuleFigures): boolean {
  return errors + warnings + infos + missed > 0;
}

function numbers({ errors, warnings, infos, falseOnes, missed, precision, recall }: RuleFigures): string[] {
  return [...[errors, warnings, infos, falseOnes, missed].map(String), percent(precision), percent(recall)];
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${Math.floor(share * 100)} %`;
}

if (import.meta.main) {
  const all = verdicts(process.argv[2]);
  const wrong = all.filter(({ is }) => is === 'false' || is === 'missed');
  const lines = wrong.map(({ is, file, rule, object, severity }) => `${is} ${severity} ${rule} ${object} in ${file}`);
  process.stdout.write(`${corpusSize()}\n\n${precisionTable(all)}\n\n${lines.join('\n')}\n`);
}
