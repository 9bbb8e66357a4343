import { blockItems, largeText, type TextRange } from './block-items.ts';
import { isTooDeep, tooDeep } from './depth.ts';
import { countLines, splitDocuments } from './documents.ts';
import { readJson } from './json-documents.ts';
import { looksLikeManifest, noObject, type SkippedDocument, type UnreadDocument } from './left-out.ts';
import {
  type FoundObject,
  type KubeObject,
  kubeObject,
  type ManifestDocument,
  type ManifestSource,
} from './manifest.ts';
import { readDocument } from './read-document.ts';
import { dict, isDict, list, type Path, text } from './values.ts';

export type { SkippedDocument, UnreadDocument } from './left-out.ts';

/** The objects that go to one cluster. */
export interface LoadedWorld {
  readonly name: string | undefined;
  readonly objects: readonly KubeObject[];
}

export interface LoadedManifests {
  /** All documents of the sources, in their order. */
  readonly documents: readonly ManifestDocument[];
  /** Each object once, as the first world has it. */
  readonly objects: readonly KubeObject[];
  readonly worlds: readonly LoadedWorld[];
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
}

/** Reads sources into documents and objects. `defaultNamespace` goes to the objects that name none. */
export function loadManifests(sources: readonly ManifestSource[], defaultNamespace: string): LoadedManifests {
  const known = new Map<string, ReadSource>();
  const worlds = new Map<string | undefined, KubeObject[]>();
  const all: ReadSource[] = [];
  const objects: KubeObject[] = [];
  for (const source of sources) {
    let read = known.get(source.name);
    const isNew = read?.source.text !== source.text;
    if (read === undefined || isNew) {
      read = readSource(source);
      known.set(source.name, read);
      all.push(read);
    }
    const own = read.found.map((found) => kubeObject(found, { source, defaultNamespace }));
    if (isNew) for (const object of own) objects.push(object);
    const world = worlds.get(source.world) ?? [];
    for (const object of own) world.push(object);
    worlds.set(source.world, world);
  }
  return {
    documents: all.flatMap(({ documents }) => documents),
    objects,
    worlds: [...worlds].map(([name, own]) => ({ name, objects: own })),
    unread: all.flatMap(({ unread }) => unread),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

interface ReadSource {
  readonly source: ManifestSource;
  readonly documents: ManifestDocument[];
  readonly found: FoundObject[];
  readonly unread: UnreadDocument[];
  readonly skipped: SkippedDocument[];
}

function readSource(source: ManifestSource): ReadSource {
  const read: ReadSource = { source, documents: [], found: [], unread: [], skipped: [] };
  const broken: (SkippedDocument & { readonly broken: UnreadDocument })[] = [];
  const json = readJson(source);
  if (json !== undefined) {
    for (const { document, data } of json) {
      read.documents.push(document);
      if (isTooDeep(data)) leaveOut(read, document, tooDeep, looksLikeManifest(document.text));
      else collect(document, [], data, undefined, read.found);
    }
  } else {
    for (const document of splitDocuments(source)) {
      read.documents.push(document);
      if (document.text.length > largeText) {
        // Of a long text that can be no manifest no tree is made.
        if (!document.text.includes('apiVersion')) {
          leaveOut(read, document, noObject, false);
          continue;
        }
        if (readItems(document, read)) continue;
      }
      const result = readDocument(document);
      if ('data' in result) collect(document, [], result.data, undefined, read.found);
      else if (!('reason' in result)) read.unread.push(result);
      else if (result.broken === undefined) read.skipped.push(result);
      else broken.push({ ...result, broken: result.broken });
    }
  }
  for (const { broken: message, ...skipped } of broken) {
    if (read.found.length > 0) read.unread.push(message);
    else read.skipped.push(skipped);
  }
  const nothing = read.found.length + read.unread.length + read.skipped.length === 0;
  if (nothing && read.documents.length > 0) read.skipped.push({ file: source.name, line: 1, reason: noObject });
  return read;
}

/** Reads a long List item by item; false where it is none, or not of the style that kubectl prints. */
function readItems(document: ManifestDocument, read: ReadSource): boolean {
  const items = blockItems(document.text);
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return false;
  const frame = readDocument({
    ...document,
    text: document.text.slice(0, first.start) + document.text.slice(last.end),
  });
  if (!('data' in frame) || !isDict(frame.data) || !text(frame.data.kind)?.endsWith('List')) return false;
  const typed = typeOfItems(text(frame.data.kind), text(frame.data.apiVersion));
  const parts = partsOf(document, items);
  const results = parts.map(readDocument);
  // An alias may lead to the anchor of another item: then only the whole makes sense.
  if (results.some((result, index) => !('data' in result) && alias.test(parts[index]?.text ?? ''))) return false;
  for (const [index, result] of results.entries()) {
    if ('data' in result) collect(document, ['items', index], list(result.data)[0], typed, read.found);
    // Whatever is broken in a List of objects is meant as one.
    else if ('reason' in result)
      read.unread.push(result.broken ?? { file: result.file, line: result.line, column: 1, message: result.reason });
    else read.unread.push(result);
  }
  return true;
}

const alias = /[-:,[] *\*[\w.-]+/;

function partsOf(document: ManifestDocument, ranges: readonly TextRange[]): ManifestDocument[] {
  let line = document.line;
  let counted = 0;
  return ranges.map(({ start, end }) => {
    line += countLines(document.text.slice(counted, start));
    counted = start;
    return { ...document, text: document.text.slice(start, end), offset: document.offset + start, line };
  });
}

function typeOfItems(kind: string | undefined, apiVersion: string | undefined) {
  const isTyped = kind !== undefined && kind !== 'List' && apiVersion !== undefined;
  return isTyped ? { apiVersion, kind: kind.slice(0, -'List'.length) } : undefined;
}

function leaveOut(
  { unread, skipped }: ReadSource,
  { source, line }: ManifestDocument,
  why: string,
  isManifest: boolean,
) {
  if (isManifest) unread.push({ file: source.name, line, column: 1, message: why });
  else skipped.push({ file: source.name, line, reason: noObject });
}

/** `items`: what the items of a typed List are, where they do not say it themselves. */
function collect(
  document: ManifestDocument,
  root: Path,
  data: unknown,
  items: { readonly apiVersion: string; readonly kind: string } | undefined,
  into: FoundObject[],
): void {
  if (!isDict(data)) return;
  const apiVersion = text(data.apiVersion) ?? items?.apiVersion;
  const kind = text(data.kind) ?? items?.kind;
  if (kind?.endsWith('List') && Array.isArray(data.items)) {
    const typed = typeOfItems(kind, apiVersion);
    for (const [index, item] of list(data.items).entries()) {
      collect(document, [...root, 'items', index], dict(item), typed, into);
    }
    return;
  }
  if (apiVersion !== undefined && kind !== undefined) into.push({ document, root, data, apiVersion, kind });
}
