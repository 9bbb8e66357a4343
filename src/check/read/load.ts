import { type Document, isCollection, isMap, parseAllDocuments, visit, type YAMLError } from 'yaml';
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
  readonly objects: readonly KubeObject[];
  readonly documents: number;
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
}

// Kubernetes takes merge keys, and the last of two equal keys. Checking for equal ones costs a tenth of the time.
const parseOptions = { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;

/** The syntax trees of a text; a `%` directive may stand before its `---`, so there may be an empty one first. */
export function parseDocuments(yaml: string): Document.Parsed[] {
  const parsed = parseAllDocuments(yaml, parseOptions);
  return Array.isArray(parsed) ? parsed : [];
}

/** Reads sources into objects. `defaultNamespace` goes to those that name none. */
export function loadManifests(sources: readonly ManifestSource[], defaultNamespace: string): LoadedManifests {
  const objects: KubeObject[] = [];
  const unread: UnreadDocument[] = [];
  const skipped: SkippedDocument[] = [];
  let documents = 0;
  for (const source of sources) {
    for (const document of splitDocuments(source)) {
      documents += 1;
      const quick = document.text.includes('{{') ? undefined : readQuickly(document.text);
      if (quick !== undefined) {
        collect(document, [], quick, defaultNamespace, objects);
        continue;
      }
      const [tree] = parseDocuments(document.text).slice(-1);
      if (tree === undefined) continue;
      const error = tree.errors[0];
      if (document.text.includes('{{') && (error !== undefined || hasMapAsKey(tree))) {
        const reason =
          'a Helm template is no YAML yet: check its rendered output (helm template . | mesh-shim check -)';
        skipped.push({ file: source.name, line: document.line, reason });
      } else if (error !== undefined) {
        unread.push(describeError(document, error));
      } else {
        try {
          collect(document, [], tree.toJS({ maxAliasCount: 1000 }), defaultNamespace, objects);
        } catch (cause) {
          const message = cause instanceof Error ? cause.message : String(cause);
          unread.push({ file: source.name, line: document.line, column: 1, message });
        }
      }
    }
  }
  return { objects, documents, unread, skipped };
}

/** Splits at `---`, which YAML knows at the start of a line only, so that one broken document does not hide the next. */
export function splitDocuments(source: ManifestSource): ManifestDocument[] {
  const documents: ManifestDocument[] = [];
  const content = source.text;
  let offset = 0;
  let line = 1;
  const end = (until: number): void => {
    const part = content.slice(offset, until);
    if (/^\s*[^#\s-]/m.test(part)) documents.push({ source, text: part, offset, line });
    line += countLines(part);
    offset = until;
  };
  for (const marker of content.matchAll(/^---(?=\s|$)/gm)) {
    if (marker.index > 0 && !/^%/m.test(content.slice(offset, marker.index))) end(marker.index);
  }
  end(content.length);
  return documents;
}

export function countLines(part: string): number {
  let count = 0;
  for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) count += 1;
  return count;
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
