import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../src/check/fix/apply-fixes.ts';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../src/check/report/finding.ts';
import { allRules } from '../../../src/check/rules/index.ts';
import { type CorpusFile, corpus, figuresOf, judge } from '../../helpers/corpus.ts';

const verdicts = corpus.flatMap(judge);

it('is large enough, and speaks of rules and severities that there are', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(150);
  const ids = allRules.map(({ id }) => id);
  for (const { name, must, mustNot } of corpus) {
    for (const { rule, severity } of [...must, ...mustNot]) {
      expect(ids, name).toContain(rule);
      expect(['error', 'warning', 'info'], name).toContain(severity);
    }
  }
});

it('every file is read as a whole, and names objects that it has', () => {
  for (const { name, text, inputs, must, mustNot } of corpus) {
    const { objects, unread } = checkManifests([{ name, text }], { inputs });
    expect({ unread, isEmpty: objects === 0 }, name).toEqual({ unread: [], isEmpty: false });
    for (const { object } of [...must, ...mustNot]) {
      const [kind, own = ''] = object.split('/');
      expect(text, name).toMatch(new RegExp(`kind: ${kind}\\n`));
      expect(text, name).toContain(`name: ${own}`);
    }
  }
});

it('no error is false', () => {
  expect(verdicts.filter(({ is, severity }) => is === 'false' && severity === 'error')).toEqual([]);
});

it.each(allRules)('$id has something to find, and one that warns has look-alikes', ({ id, severity }) => {
  const filesWith = (key: 'must' | 'mustNot') =>
    corpus.filter((file) => file[key].some(({ rule }) => rule === id)).length;
  expect(filesWith('must')).toBeGreaterThanOrEqual(severity === 'info' ? 1 : 3);
  expect(filesWith('mustNot')).toBeGreaterThanOrEqual(severity === 'info' ? 0 : 2);
});

it.each(allRules.map(({ id }) => id))('%s: nine of ten are true, and it sees nine of ten', (rule) => {
  const { precision = 1, recall = 1 } = figuresOf(rule, verdicts);
  const wrong = verdicts.filter((one) => one.rule === rule && (one.is === 'false' || one.is === 'missed'));
  expect(precision, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.9);
  expect(recall, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.9);
});

describe('--fix', () => {
  const fixable = corpus.filter(({ name, text, inputs }) =>
    checkManifests([{ name, text }], { inputs }).findings.some(({ fix }) => fix?.certain),
  );

  it('has something to do', () => expect(fixable.length).toBeGreaterThan(30));

  it.each(fixable)('$name: stays readable, brings no new finding, and does nothing the second time', (file) => {
    const before = checkManifests([file], { inputs: file.inputs });
    const once = fixed(file);
    const after = checkManifests([{ name: file.name, text: once }], { inputs: file.inputs });
    expect(after.unread).toEqual([]);
    expect(after.objects).toBe(before.objects);
    const known = before.findings.map(spell);
    expect(after.findings.map(spell).filter((finding) => !known.includes(finding))).toEqual([]);
    expect(after.findings.filter(({ fix }) => fix?.certain)).toEqual([]);
    expect(fixed({ ...file, text: once })).toBe(once);
  });
});

/** As `--fix` writes it: what is certain. */
function fixed(file: CorpusFile): string {
  const { findings } = checkManifests([file], { inputs: file.inputs });
  return applyFixes(findings.filter(({ fix }) => fix?.certain)).changed[0]?.text ?? file.text;
}

function spell({ rule, object, severity, message }: Finding): string {
  return [rule, object?.kind, object?.name, severity, message].join(' ');
}
