import { groupBy } from '../model/group-by.ts';
import type { ManifestSource } from '../read/manifest.ts';
import type { Dict } from '../read/values.ts';
import { editDocument } from './edit-document.ts';
import { FindingFix } from './finding-fix.ts';
import type { Change, Fix } from './fix.ts';
import { toYaml } from './to-yaml.ts';

export interface AppliedFixes {
  /** The sources that changed, with their new text. */
  readonly changed: readonly ManifestSource[];
  /** New objects as YAML, named after what they are: `peerauthentication-shop-web.yaml`. */
  readonly created: readonly { readonly fileName: string; readonly text: string }[];
  /** Fixes that the text of a source does not take, and why; all of such a fix is left out, and the others are made. */
  readonly refused: readonly RefusedFix[];
}

export interface RefusedFix {
  /** Of the fix. */
  readonly title: string;
  /** The source. */
  readonly file: string;
  /** A sentence without its full stop. */
  readonly reason: string;
}

/**
 * Applies the fixes of findings to the sources that they were found in; findings without a fix change nothing. Of two fixes
 * that set one key, the first wins: check the result again. Pure: it writes no file.
 *
 * @throws TypeError for a copy of a finding, such as one that was read from JSON
 */
export function applyFixes(findings: Iterable<{ readonly fix?: FindingFix }>): AppliedFixes {
  const refused: RefusedFix[] = [];
  let fixes = [...findings].flatMap(({ fix }) => (fix === undefined ? [] : FindingFix.unwrap(fix)));
  for (;;) {
    const result = changeSources(fixes);
    if (result.culprit === undefined) return { changed: result.changed, created: createdBy(fixes), refused };
    const { culprit, file, reason } = result;
    refused.push({ title: culprit.title, file, reason });
    fixes = fixes.filter((fix) => fix !== culprit);
  }
}

type Outcome =
  | { readonly culprit: undefined; readonly changed: readonly ManifestSource[] }
  | { readonly culprit: Fix; readonly file: string; readonly reason: string };

/** All sources with the fixes; or a fix that one of them does not take. */
function changeSources(fixes: readonly Fix[]): Outcome {
  const all = fixes.flatMap((fix) => fix.changes.map((change) => ({ fix, change })));
  const changed: ManifestSource[] = [];
  for (const [source, ofSource] of groupBy(all, ({ change }) => change.object.document.source)) {
    let text = source.text;
    const byOffset = groupBy(ofSource, ({ change }) => change.object.document.offset);
    // From the end, so that the offsets of the documents before stay true.
    for (const [offset, own] of [...byOffset].toSorted(([a], [b]) => b - a)) {
      const before = own[0]?.change.object.document.text ?? '';
      const made = tryEdit(before, own);
      if (typeof made !== 'string') return { ...made, file: source.name };
      text = text.slice(0, offset) + made + text.slice(offset + before.length);
    }
    if (text !== source.text) changed.push({ ...source, text });
  }
  return { culprit: undefined, changed };
}

interface OwnChange {
  readonly fix: Fix;
  readonly change: Change;
}

/** A document with all changes; or the first fix that it does not take after those before it. */
function tryEdit(
  before: string,
  own: readonly OwnChange[],
): string | { readonly culprit: Fix; readonly reason: string } {
  const edit = (changes: readonly OwnChange[]) =>
    editDocument(
      before,
      changes.map(({ change }) => change),
    );
  const whole = edit(own);
  if (whole.fault === undefined) return whole.text;
  const fixes = [...new Set(own.map(({ fix }) => fix))];
  const culprit = fixes.find((_, index) => {
    const until = new Set(fixes.slice(0, index + 1));
    return edit(own.filter(({ fix }) => until.has(fix))).fault !== undefined;
  });
  return { culprit: culprit as Fix, reason: whole.fault };
}

function createdBy(fixes: readonly Fix[]): AppliedFixes['created'] {
  const created = new Map<string, string>();
  for (const data of fixes.flatMap((fix) => fix.creates ?? [])) created.set(fileNameOf(data), toYaml(data));
  return [...created].map(([fileName, text]) => ({ fileName, text }));
}

function fileNameOf(data: Dict): string {
  const metadata = data.metadata as { namespace?: string; name?: string } | undefined;
  return [data.kind, metadata?.namespace, metadata?.name].filter(Boolean).join('-').toLowerCase().concat('.yaml');
}
