import { isNode } from 'yaml';
import { blockItems, largeText, type TextRange } from './block-items.ts';
import { originalOffset } from './continuations.ts';
import { JsonOffsets } from './json-offsets.ts';
import { type ParsedText, parseDocument } from './kube-yaml.ts';
import type { KubeObject, ManifestDocument } from './manifest.ts';
import { walkTree } from './tree.ts';
import type { Path } from './values.ts';

export interface Position {
  /** 1-based, in the source. */
  readonly line: number;
  readonly column: number;
}

/** Finds keys in documents. It keeps what it knows of the last document only: findings come object by object. */
export function createLocator(): (object: KubeObject, path: Path) => Position {
  let last: DocumentMap | undefined;
  return ({ document, root }, path) => {
    if (last?.document !== document) last = new DocumentMap(document);
    return last.position(last.offset([...root, ...path]));
  };
}

/** Line and column of an offset in a document's text. */
export function positionIn(document: ManifestDocument, offset: number): Position {
  return new DocumentMap(document).position(offset);
}

class DocumentMap {
  readonly document: ManifestDocument;
  #lineStarts: readonly number[] | undefined;
  #json: JsonOffsets | undefined;
  #items: readonly TextRange[] | undefined;
  #parsed: { readonly range: TextRange; readonly parsed: ParsedText } | undefined;

  constructor(document: ManifestDocument) {
    this.document = document;
  }

  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.document.text);
    const starts = this.#lineStarts;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: this.document.line + low, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** Where the key at a path begins, or the list's item; if the path ends early, the last of it that is there. */
  offset(path: Path): number {
    const { text, format } = this.document;
    if (format === 'json') {
      this.#json ??= new JsonOffsets(text);
      return this.#json.offset(path);
    }
    const [items, index, ...rest] = path;
    if (text.length > largeText && items === 'items' && typeof index === 'number') {
      this.#items ??= blockItems(text);
      const range = this.#items[index];
      if (range !== undefined) return range.start + this.#offsetIn(range, [0, ...rest]);
    }
    return this.#offsetIn({ start: 0, end: text.length }, path);
  }

  #offsetIn(range: TextRange, path: Path): number {
    if (this.#parsed?.range.start !== range.start || this.#parsed.range.end !== range.end) {
      this.#parsed = { range, parsed: parseLeniently(this.document.text.slice(range.start, range.end)) };
    }
    const { tree, indented } = this.#parsed.parsed;
    let offset = startOf(tree?.contents) ?? 0;
    for (const { pair, value } of tree === undefined ? [] : walkTree(tree, path)) {
      offset = startOf(pair?.key ?? value) ?? offset;
    }
    return originalOffset(offset, indented?.insertions ?? []);
  }
}

/** A document that was read without the parser may be too deep for it: then its beginning must do. */
function parseLeniently(text: string): ParsedText {
  try {
    return parseDocument(text);
  } catch {
    return { tree: undefined, text };
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
