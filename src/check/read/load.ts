import { type Document, isCollection, isMap, visit, type YAMLError } from 'yaml';
import { countLines, parseDocuments, splitDocuments } from './documents.ts';
import { type KubeObject, kubeObject, type ManifestDocument, type ManifestSource } from './manifest.ts';
import { readQuickly } from './quick-yaml.ts';
import { dict, isDict, list, type Path, text } from './values.ts';

/** A document that could not be read. The others of its source are checked all the same. */
export interface UnreadDocument {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A document that is left out on purpose. */
export interface SkippedDocument {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface LoadedManifests {
  /** All documents of the sources, in their order. */
  readonly documents: readonly ManifestDocument[];
  readonly objects: readonly KubeObject[];
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
}

/** Reads sources into documents and objects. `defaultNamespace` goes to the objects that name none. */
export function loadManifests(sources: readonly ManifestSource[], defaultNamespace: string): LoadedManifests {
  const documents = sources.flatMap(splitDocuments);
  const objects: KubeObject[] = [];
  const unread: UnreadDocument[] = [];
  const skipped: SkippedDocument[] = [];
  for (const document of documents) {
    const read = readDocument(document);
    if ('data' in read) collect(document, [], read.data, defaultNamespace, objects);
    else if ('reason' in read) skipped.push(read);
    else unread.push(read);
  }
  return { documents, objects, unread, skipped };
}

function readDocument(document: ManifestDocument): { readonly data: unknown } | UnreadDocument | SkippedDocument {
  const file = document.source.name;
  const hasTemplate = document.text.includes('{{');
  const quick = hasTemplate ? undefined : readQuickly(document.text);
  if (quick !== undefined) return { data: quick };
  const tree = parseDocuments(document.text).at(-1);
  if (tree === undefined) return { data: undefined };
  const error = tree.errors[0];
  if (hasTemplate && (error !== undefined || hasMapAsKey(tree))) {
    const reason = 'a Helm template is not YAML yet: check its rendered output (helm template . | mesh-shim check -)';
    return { file, line: document.line, reason };
  }
  if (error !== undefined) return describeError(document, error);
  try {
    return { data: tree.toJS({ maxAliasCount: 1000 }) };
  } catch (cause) {
    return { file, line: document.line, column: 1, message: cause instanceof Error ? cause.message : String(cause) };
  }
}

function collect(document: ManifestDocument, root: Path, data: unknown, namespace: string, into: KubeObject[]): void {
  if (!isDict(data)) return;
  if (text(data.kind)?.endsWith('List') && Array.isArray(data.items)) {
    list(data.items).forEach((item, index) => {
      collect(document, [...root, 'items', index], dict(item), namespace, into);
    });
    return;
  }
  const object = kubeObject(document, root, data, namespace);
  if (object !== undefined) into.push(object);
}

/** `name: {{ .Values.name }}` is a map with a map as its key: valid YAML, and never meant as such. */
function hasMapAsKey(tree: Document.Parsed): boolean {
  let found = false;
  visit(tree, {
    Pair(_, pair) {
      if (!isCollection(pair.key) && !(isMap(pair.value) && pair.value.items.some((item) => isCollection(item.key))))
        return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function describeError(document: ManifestDocument, error: YAMLError): UnreadDocument {
  const before = document.text.slice(0, error.pos[0]);
  return {
    file: document.source.name,
    line: document.line + countLines(before),
    column: before.length - before.lastIndexOf('\n'),
    message: error.message,
  };
}
