import { isTooDeep, tooDeep } from './depth.ts';
import { splitDocuments } from './documents.ts';
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
      const result = readDocument(document);
      if ('data' in result) collect(document, [], result.data, undefined, read.found);
      else if ('reason' in result) read.skipped.push(result);
      else read.unread.push(result);
    }
  }
  const nothing = read.found.length + read.unread.length + read.skipped.length === 0;
  if (nothing && read.documents.length > 0) read.skipped.push({ file: source.name, line: 1, reason: noObject });
  return read;
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
    const isTyped = kind !== 'List' && apiVersion !== undefined;
    const typed = isTyped ? { apiVersion, kind: kind.slice(0, -'List'.length) } : undefined;
    for (const [index, item] of list(data.items).entries()) {
      collect(document, [...root, 'items', index], dict(item), typed, into);
    }
    return;
  }
  if (apiVersion !== undefined && kind !== undefined) into.push({ document, root, data, apiVersion, kind });
}
