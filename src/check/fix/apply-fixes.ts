import { groupBy } from '../model/group-by.ts';
import type { ManifestSource } from '../read/manifest.ts';
import type { Dict } from '../read/values.ts';
import { editText } from './edit-text.ts';
import { FindingFix } from './finding-fix.ts';
import type { Change } from './fix.ts';
import { orderChanges } from './order-changes.ts';
import { toYaml } from './to-yaml.ts';

export interface AppliedFixes {
  /** The sources that changed, with their new text. */
  readonly changed: readonly ManifestSource[];
  /** New objects as YAML, named after what they are: `peerauthentication-shop-web.yaml`. */
  readonly created: readonly { readonly fileName: string; readonly text: string }[];
}

/**
 * Applies the fixes of findings to the sources that they were found in; findings without a fix change nothing. Of two fixes
 * that set one key, the first wins: check the result again. Pure: it writes no file.
 *
 * @throws TypeError for a copy of a finding, such as one that was read from JSON
 */
export function applyFixes(findings: Iterable<{ readonly fix?: FindingFix }>): AppliedFixes {
  const fixes = [...findings].flatMap(({ fix }) => (fix === undefined ? [] : FindingFix.unwrap(fix)));
  const changes = fixes.flatMap((fix) => fix.changes);
  const changed: ManifestSource[] = [];
  for (const [source, own] of groupBy(changes, ({ object }) => object.document.source)) {
    const text = editSource(source, own);
    if (text !== source.text) changed.push({ ...source, text });
  }
  const created = new Map<string, string>();
  for (const data of fixes.flatMap((fix) => fix.creates ?? [])) created.set(fileNameOf(data), toYaml(data));
  return { changed, created: [...created].map(([fileName, text]) => ({ fileName, text })) };
}

/** From the end, so that the offsets of the documents before stay true. */
function editSource(source: ManifestSource, changes: readonly Change[]): string {
  const byOffset = groupBy(changes, ({ object }) => object.document.offset);
  let result = source.text;
  for (const [offset, own] of [...byOffset].toSorted(([a], [b]) => b - a)) {
    const text = own[0]?.object.document.text ?? '';
    result = result.slice(0, offset) + editDocument(text, own) + result.slice(offset + text.length);
  }
  return result;
}

function editDocument(before: string, changes: readonly Change[]): string {
  const whole = changes.some(({ object, edit }) => edit.op === 'remove-object' && object.root.length === 0);
  if (whole) return '';
  let text = before;
  for (const { object, edit } of orderChanges(changes)) {
    const rooted =
      edit.op === 'remove-object'
        ? ({ op: 'remove', path: object.root } as const)
        : { ...edit, path: [...object.root, ...edit.path] };
    text = editText(text, rooted);
  }
  return text;
}

function fileNameOf(data: Dict): string {
  const metadata = data.metadata as { namespace?: string; name?: string } | undefined;
  return [data.kind, metadata?.namespace, metadata?.name].filter(Boolean).join('-').toLowerCase().concat('.yaml');
}
