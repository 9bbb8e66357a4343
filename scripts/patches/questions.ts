import { createHash } from 'node:crypto';
import { FindingFix } from '../../src/check/fix/finding-fix.ts';
import { patchesOf } from '../../src/check/fix/patches.ts';
import { groupBy } from '../../src/check/model/group-by.ts';
import type { KubeObject } from '../../src/check/read/manifest.ts';
import { checkManifests } from '../../src/check/report/check-manifests.ts';
import { ruleRuns } from '../../test/helpers/rule-fixtures.ts';

/** Patches of an object, made one after the other, of which the API server is asked. */
export interface PatchQuestion {
  readonly key: string;
  /** `Service shop/web of own-tls-as-http/bad.yaml`. */
  readonly about: string;
  readonly object: object;
  readonly steps: readonly { readonly type: 'merge' | 'json'; readonly patch: unknown }[];
  /** What is told people: to make the patch, or that it cannot be made, or that it would do nothing. */
  readonly told: 'patch' | 'replace' | 'useless';
}

/**
 * All that is printed for the fixtures of the rules, which their pages are made from: each fix by itself, and all patches of
 * an object in a row. What is printed as not to be patched is asked as well.
 */
export function patchQuestions(): PatchQuestion[] {
  const questions = ruleRuns.flatMap(({ name, source, inputs }) => {
    const { findings } = checkManifests([source], { inputs });
    const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    const single = fixes.flatMap((fix) => questionsOf(fix, name));
    const rows = [...groupBy(single, ({ object }) => object).values()]
      .map((own) => own.filter(({ told }) => told === 'patch'))
      .filter((own) => own.length > 1)
      .map((own) =>
        question(
          `all patches of ${own[0]?.about}`,
          own[0]?.object ?? {},
          own.flatMap(({ steps }) => steps),
          'patch',
        ),
      );
    return [...single, ...rows];
  });
  return [...new Map(questions.map((one) => [one.key, one])).values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function questionsOf(fix: FindingFix, run: string): PatchQuestion[] {
  const changes = FindingFix.unwrap(fix).changes;
  return [...groupBy(changes, ({ object }) => object)].flatMap(([object, own]) => {
    const edits = own.flatMap(({ edit }) => (edit.op === 'remove-object' ? [] : [edit]));
    const steps = patchesOf(object, edits);
    if (steps.length === 0) return [];
    const about = `${object.kind} ${object.namespace}/${object.name} of ${run}`;
    return [question(about, object.data, steps, toldOf(fix, object))];
  });
}

function toldOf(fix: FindingFix, { kind, name }: KubeObject): PatchQuestion['told'] {
  const told = fix.replacements.find(({ object }) => object.kind === kind && object.name === name);
  if (told === undefined) return 'patch';
  return told.why.includes('does nothing') || !told.remove ? 'useless' : 'replace';
}

function question(
  about: string,
  object: object,
  steps: PatchQuestion['steps'],
  told: PatchQuestion['told'],
): PatchQuestion {
  const key = createHash('sha256')
    .update(JSON.stringify([object, steps, told]))
    .digest('hex')
    .slice(0, 16);
  return { key, about, object, steps, told };
}
