import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Inputs } from '../../src/check/model/inputs.ts';
import { checkManifests } from '../../src/check/report/check-manifests.ts';
import type { Finding } from '../../src/check/report/finding.ts';

/**
 * Manifests in the shapes that people write, a file each, with what is so of them, whatever the checker says. At the head of
 * a file: what it is, `# with: {INPUTS}`, and a line for each finding that must come (`# true: RULE KIND/NAME SEVERITY`) and
 * for each that is a likely mistake (`# false: RULE KIND/NAME`). An error or a warning that is not said to be true is false;
 * an info says itself that it is a guess, and is false where the file says so.
 */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
  readonly inputs: Partial<Inputs>;
  readonly must: readonly Claim[];
  readonly mustNot: readonly Claim[];
}

export interface Claim {
  readonly rule: string;
  readonly object: string;
  /** The least severity that it must have. */
  readonly severity: Finding['severity'];
}

const folder = 'test/corpus';

const groups: readonly string[] = readdirSync(folder).toSorted();

export const corpus: readonly CorpusFile[] = groups.flatMap((group) =>
  readdirSync(`${folder}/${group}`)
    .toSorted()
    .map((file) => readCorpusFile(`${group}/${file}`)),
);

function readCorpusFile(name: string): CorpusFile {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const head = /^(#.*\n)*/.exec(text)?.[0] ?? '';
  const lines = (key: string) =>
    [...head.matchAll(new RegExp(`^# ${key}: (.*)$`, 'gm'))].map(([, value = '']) => value.trim());
  const claims = (key: string) =>
    lines(key).map((line): Claim => {
      const [rule = '', object = '', severity = 'info'] = line.split(' ');
      return { rule, object, severity: severity as Claim['severity'] };
    });
  const own = parse(lines('with')[0] ?? '{}') as Partial<Inputs>;
  const inputs: Partial<Inputs> = { kubernetes: '1.30', injection: true, ...own };
  return { name, text, inputs, must: claims('true'), mustNot: claims('false') };
}

/** A finding, or one that did not come, and what it is for a rule's figures. */
export interface Verdict {
  readonly file: string;
  readonly rule: string;
  readonly object: string;
  readonly severity: Finding['severity'];
  readonly is: 'true' | 'false' | 'missed' | 'guess';
}

const severities: readonly Finding['severity'][] = ['info', 'warning', 'error'];

/** What the checker says of a file, held against what is so. */
export function judge({ name, text, inputs, must, mustNot }: CorpusFile): Verdict[] {
  const { findings } = checkManifests([{ name, text }], { inputs });
  const found = findings.map(({ rule, severity, object }) => {
    return { file: name, rule, severity, object: `${object?.kind}/${object?.name}` };
  });
  const same = (a: { rule: string; object: string }) => (b: { rule: string; object: string }) =>
    a.rule === b.rule && a.object === b.object;
  const seen = found.map((one): Verdict => {
    const isSo = must.some(same(one));
    const isGuess = one.severity === 'info' && !mustNot.some(same(one));
    return { ...one, is: isSo ? 'true' : isGuess ? 'guess' : 'false' };
  });
  const missed = must
    .filter((claim) => {
      const least = severities.indexOf(claim.severity);
      return !found.some((one) => same(one)(claim) && severities.indexOf(one.severity) >= least);
    })
    .map((claim): Verdict => ({ file: name, ...claim, is: 'missed' }));
  return [...seen, ...missed];
}

/** How often a rule is right, and how much it sees, on the corpus. */
export interface RuleFigures {
  readonly rule: string;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly falseErrors: number;
  readonly falseOnes: number;
  readonly missed: number;
  /** Of errors and warnings, those that are true; undefined: there are none. */
  readonly precision: number | undefined;
  /** Of what must be found, what is; undefined: nothing must. */
  readonly recall: number | undefined;
}

export function figuresOf(rule: string, verdicts: readonly Verdict[]): RuleFigures {
  const own = verdicts.filter((verdict) => verdict.rule === rule);
  const count = (test: (verdict: Verdict) => boolean) => own.filter(test).length;
  const said = own.filter(({ is }) => is !== 'missed');
  const loud = said.filter(({ severity, is }) => severity !== 'info' || is === 'false');
  const falseOnes = count(({ is }) => is === 'false');
  const missed = count(({ is }) => is === 'missed');
  const hits = count(({ is }) => is === 'true');
  return {
    rule,
    errors: said.filter(({ severity }) => severity === 'error').length,
    warnings: said.filter(({ severity }) => severity === 'warning').length,
    infos: said.filter(({ severity }) => severity === 'info').length,
    falseErrors: count(({ is, severity }) => is === 'false' && severity === 'error'),
    falseOnes,
    missed,
    precision: loud.length === 0 ? undefined : (loud.length - falseOnes) / loud.length,
    recall: hits + missed === 0 ? undefined : hits / (hits + missed),
  };
}
