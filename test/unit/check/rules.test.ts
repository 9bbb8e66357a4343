import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyFixes } from '../../../src/check/fix/apply-fixes.ts';
import type { Fix } from '../../../src/check/fix/fix.ts';
import type { Inputs } from '../../../src/check/model/inputs.ts';
import type { ManifestSource } from '../../../src/check/read/manifest.ts';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import { allRules } from '../../../src/check/rules/index.ts';

// For each rule: bad.yaml marks with "# expect: rule-id" the very lines of all its findings, good.yaml is its near miss.
const folder = 'test/fixtures/check';
const ids = allRules.map(({ id }) => id);

describe('every rule', () => {
  it('has its fixtures, and every fixture its rule', () => {
    expect(readdirSync(folder).toSorted()).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is registered', async () => {
    const files = readdirSync('src/check/rules').filter((file) => file.endsWith('.ts') && file !== 'index.ts');
    const exported = await Promise.all(
      files.map(async (file) => Object.values(await import(`../../../src/check/rules/${file}`))),
    );
    const rules = exported.flat().filter((value) => typeof value === 'object' && value !== null && 'check' in value);
    expect(new Set(rules)).toEqual(new Set(allRules));
  });

  it.each(ids)('%s finds what it must, at the very key', (id) => {
    const source = fixture(id, 'bad');
    const found = checkManifests([source], { inputs: inputsOf(id) }).findings;
    const expected = [...source.text.matchAll(/^.*# expect: (.*)$/gm)].map((match) => ({
      rule: match[1],
      line: source.text.slice(0, match.index).split('\n').length,
    }));
    expect(expected.map(({ rule }) => rule)).toContain(id);
    expect(found.map(({ rule, line }) => ({ rule, line }))).toEqual(expected);
  });

  it.each(ids)('%s leaves its near miss alone', (id) => {
    const { findings, unread, objects } = checkManifests([fixture(id, 'good')], { inputs: inputsOf(id) });
    expect({ findings, unread }).toEqual({ findings: [], unread: [] });
    expect(objects).toBeGreaterThan(0);
  });

  it.each(ids)('%s has a fix after which nothing is found', (id) => {
    const source = fixture(id, 'bad');
    const inputs = inputsOf(id);
    const before = checkManifests([source], { inputs });
    const fixes = before.fixes.filter((fix): fix is Fix => fix !== undefined);
    expect(fixes.length).toBe(before.findings.length);
    const after = fixed([source], fixes);
    const needed = Object.assign({}, inputs, ...fixes.map((fix) => fix.inputs ?? {})) as Partial<Inputs>;
    const result = checkManifests(after, { inputs: needed });
    expect({ findings: result.findings, unread: result.unread }).toEqual({ findings: [], unread: [] });
    expect(result.objects).toBeGreaterThan(0);
  });

  it.each(ids)('%s fixes only the lines that it must', (id) => {
    const source = fixture(id, 'bad');
    const { fixes } = checkManifests([source], { inputs: inputsOf(id) });
    const [after] = fixed(
      [source],
      fixes.filter((fix): fix is Fix => fix !== undefined),
    );
    const kept = source.text.split('\n').filter((line) => after?.text.split('\n').includes(line));
    const removesDocuments = fixes.some((fix) => fix?.changes.some(({ edit }) => edit.op === 'remove-object'));
    if (!removesDocuments) expect(source.text.split('\n').length - kept.length).toBeLessThanOrEqual(6);
  });
});

function fixture(id: string, kind: 'bad' | 'good'): ManifestSource {
  return { name: `${kind}.yaml`, text: readFileSync(`${folder}/${id}/${kind}.yaml`, 'utf8') };
}

function inputsOf(id: string): Partial<Inputs> {
  const file = readdirSync(`${folder}/${id}`).find((name) => name === 'mesh-shim.yaml');
  return file === undefined ? {} : (parse(readFileSync(`${folder}/${id}/${file}`, 'utf8')) as Partial<Inputs>);
}

function fixed(sources: readonly ManifestSource[], fixes: readonly Fix[]): ManifestSource[] {
  const { changed, created } = applyFixes(sources, fixes);
  const kept = sources.map((source) => changed.find(({ name }) => name === source.name) ?? source);
  return [...kept, ...created.map(({ fileName, text }) => ({ name: fileName, text }))];
}
