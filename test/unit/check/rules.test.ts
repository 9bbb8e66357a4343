import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../src/check/fix/apply-fixes.ts';
import type { Inputs } from '../../../src/check/model/inputs.ts';
import type { ManifestSource } from '../../../src/check/read/manifest.ts';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../src/check/report/finding.ts';
import { allRules } from '../../../src/check/rules/index.ts';
import { type ExpectedFinding, ruleFolders, ruleRuns } from '../../helpers/rule-fixtures.ts';

const ids = allRules.map(({ id }) => id);
const badRuns = ruleRuns.filter(({ expected }) => expected.length > 0);

describe('every rule', () => {
  it('has its fixtures, and every fixture its rule', () => {
    expect(ruleFolders).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      const runs = ruleRuns.filter(({ rule }) => rule === id);
      expect([...new Set(runs.map(({ expected }) => expected.some(({ rule }) => rule === id)))], id).toHaveLength(2);
    }
  });

  it('has a file that exports it and nothing else, and is registered', async () => {
    const files = readdirSync('src/check/rules').filter(
      (file) => file.endsWith('.ts') && file !== 'index.ts' && file !== 'registry.ts',
    );
    const exported = await Promise.all(
      files.map(async (file) => Object.values(await import(`../../../src/check/rules/${file}`))),
    );
    expect(exported.flat()).toHaveLength(files.length);
    expect(new Set(exported.flat())).toEqual(new Set(allRules));
    expect(ids).toEqual(files.map((file) => file.replace('.ts', '')).toSorted());
  });
});

it.each(ruleRuns)('$name: finds what it must, at the very key, and nothing else', ({ source, inputs, expected }) => {
  const { findings, unread, objects } = checkManifests([source], { inputs });
  const byMark = findings.map((finding, index) => seen(finding, expected[index]));
  expect(byMark).toEqual(expected);
  expect(unread).toEqual([]);
  expect(objects).toBeGreaterThan(0);
});

it.each(badRuns)('$name: has fixes after which nothing is found but what has none', ({ source, inputs, expected }) => {
  const { findings } = checkManifests([source], { inputs });
  const unfixed = expected.filter((mark) => mark.unfixed).map(({ rule, line }) => ({ rule, line }));
  const places = (found: readonly Finding[]) => found.map(({ rule, line }) => ({ rule, line }));
  expect(places(findings.filter(({ fix }) => fix === undefined))).toEqual(unfixed);
  const needed: Partial<Inputs> = Object.assign({}, inputs, ...findings.map(({ fix }) => fix?.inputs));
  const result = checkManifests(fixed(source, findings), { inputs: needed });
  const keys = (found: readonly Finding[]) => found.map(({ rule, message }) => `${rule}: ${message}`);
  const left = findings.filter(({ fix }) => fix === undefined);
  expect({ findings: keys(result.findings), unread: result.unread }).toEqual({ findings: keys(left), unread: [] });
  expect(result.objects).toBeGreaterThan(0);
});

it.each(badRuns.filter((run) => run.fixed !== undefined))('$name: the fixes make this of it', (run) => {
  const { findings } = checkManifests([run.source], { inputs: run.inputs });
  const after = fixed(run.source, findings).map(({ text }) => text.replaceAll(/ # expect: .*$/gm, ''));
  expect(after.join('---\n')).toBe(run.fixed);
});

it.each(badRuns)('$name: the fixes change only the lines that they must', ({ source, inputs }) => {
  const { findings } = checkManifests([source], { inputs });
  const [after] = fixed(source, findings);
  const kept = source.text.split('\n').filter((line) => after?.text.split('\n').includes(line));
  const removesDocuments = findings.some(({ fix }) => (fix?.deletions.length ?? 0) > 0);
  if (!removesDocuments) expect(source.text.split('\n').length - kept.length).toBeLessThanOrEqual(6 * findings.length);
});

it('points at the annotations of a pod template, else at its metadata', () => {
  const paths = ['startup-unprotected/bad-own-annotations.yaml', 'startup-unprotected/bad.yaml'].flatMap((name) => {
    const run = ruleRuns.find(({ rule, source }) => `${rule}/${source.name}` === name);
    return run === undefined
      ? []
      : checkManifests([run.source], { inputs: run.inputs }).findings.map(({ path }) => path);
  });
  expect(paths).toEqual(['metadata.annotations', 'spec.template.metadata']);
});

/** As much of a finding as its mark says. */
function seen({ rule, line, severity, fix, restsOn, message }: Finding, mark: ExpectedFinding | undefined) {
  return {
    rule,
    line,
    ...(mark?.severity === undefined ? {} : { severity }),
    ...(mark?.certain === undefined ? {} : { certain: fix?.certain }),
    ...(mark?.unfixed === undefined ? {} : { unfixed: fix === undefined }),
    ...(mark?.restsOn === undefined ? {} : { restsOn: restsOn.map(({ input }) => input) }),
    ...(mark?.words === undefined ? {} : { words: message.includes(mark.words) ? mark.words : message }),
    ...(mark?.fix === undefined ? {} : { fix: fix?.title.includes(mark.fix) ? mark.fix : fix?.title }),
    ...(mark?.notes === undefined ? {} : { notes: mark.notes.map((words) => noteWith(words, fix)) }),
  };
}

function noteWith(words: string, fix: Finding['fix']): string {
  const notes = (fix?.notes ?? []).map(({ text, command = '' }) => `${text} ${command}`);
  return notes.some((note) => note.includes(words)) ? words : notes.join('\n');
}

function fixed(source: ManifestSource, findings: readonly Finding[]): ManifestSource[] {
  const { changed, created } = applyFixes(findings);
  return [changed[0] ?? source, ...created.map(({ fileName, text }) => ({ name: fileName, text }))];
}
