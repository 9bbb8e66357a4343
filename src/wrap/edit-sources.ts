import { editText } from '../check/edit/edit-text.ts';
import { below, type Operation } from '../check/edit/operation.ts';
import { groupBy } from '../check/model/group-by.ts';
import { blockItems, largeText } from '../check/read/block-items.ts';
import type { KubeObject, ManifestSource } from '../check/read/manifest.ts';

export interface ObjectEdit {
  readonly object: KubeObject;
  readonly operations: readonly Operation[];
}

export interface EditedSources<Edit extends ObjectEdit> {
  /** Those that changed, with their new text. */
  readonly changed: readonly ManifestSource[];
  /** What could not be changed without touching something else. */
  readonly refused: ReadonlySet<Edit>;
}

/** Carries out edits on the texts that the objects were read from. */
export function editSources<Edit extends ObjectEdit>(edits: readonly Edit[]): EditedSources<Edit> {
  const refused = new Set<Edit>();
  const changed: ManifestSource[] = [];
  for (const [name, own] of groupBy(edits, ({ object }) => object.document.source.name)) {
    const source = own[0]?.object.document.source;
    if (source === undefined) continue;
    const text = editSource(source.text, own, refused);
    if (text !== source.text) changed.push({ ...source, name, text });
  }
  return { changed, refused };
}

/** From the end, so that the offsets of what stands before stay true. */
function editSource<Edit extends ObjectEdit>(whole: string, edits: readonly Edit[], refused: Set<Edit>): string {
  const places = edits.map((edit) => ({ edit, ...placeOf(edit.object) }));
  const byStart = [...groupBy(places, ({ start }) => start)].toSorted(([a], [b]) => b - a);
  let result = whole;
  for (const [start, own] of byStart) {
    let { text } = own[0] ?? { text: '' };
    const { length } = text;
    // One after the other: what one object cannot have done does not keep the others from it.
    for (const { edit, root } of own) {
      const edited = editText(text, below(root, edit.operations));
      if (edited === undefined) refused.add(edit);
      else text = edited;
    }
    result = result.slice(0, start) + text + result.slice(start + length);
  }
  return result;
}

/** The text that an object is edited in: its document or, of a long List, its item alone. */
function placeOf({ document, root }: KubeObject) {
  const { text, offset } = document;
  const [items, index, ...rest] = root;
  const range =
    text.length > largeText && items === 'items' && typeof index === 'number' ? blockItems(text)[index] : undefined;
  if (range === undefined) return { start: offset, text, root };
  return { start: offset + range.start, text: text.slice(range.start, range.end), root: [0, ...rest] };
}
