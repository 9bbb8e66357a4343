import { type Document, isCollection, isMap, visit, type YAMLError } from 'yaml';
import { originalOffset } from './continuations.ts';
import { tooDeep } from './depth.ts';
import { type ParsedText, parseDocument } from './kube-yaml.ts';
import { looksLikeManifest, noObject, type SkippedDocument, type UnreadDocument } from './left-out.ts';
import type { ManifestDocument } from './manifest.ts';
import { positionIn } from './position.ts';
import { readQuickly } from './quick-yaml.ts';
import { refusedByKubernetes } from './refused.ts';

/** `broken`: what is wrong with a document that does not look like a manifest. Beside manifests it is meant as one. */
export type ReadDocument =
  | { readonly data: unknown }
  | UnreadDocument
  | (SkippedDocument & { readonly broken?: UnreadDocument });

/** Reads a document of YAML as Kubernetes does, or says why it cannot be. */
export function readDocument(document: ManifestDocument): ReadDocument {
  const hasTemplate = /\{[{%]/.test(document.text);
  try {
    const quick = hasTemplate ? undefined : readQuickly(document.text);
    if (quick !== undefined) return { data: quick };
    if (document.text.length > largestText) return failed(document, 0, tooLarge);
    const parsed = parseDocument(document.text);
    const { tree } = parsed;
    if (tree === undefined) return { data: undefined };
    const error = tree.errors[0];
    if (hasTemplate && (error !== undefined || hasMapAsKey(tree))) {
      return {
        file: document.source.name,
        line: document.line,
        reason: isHelm(document.text) ? helmTemplate : template,
      };
    }
    if (error !== undefined) return failed(document, offsetOf(error, parsed), spell(error.message));
    const refused = refusedByKubernetes(document.text, tree);
    if (refused !== undefined)
      return failed(document, originalOffset(refused.offset, parsed.indented?.insertions ?? []), refused.why);
    return { data: tree.toJS({ maxAliasCount: 1000 }) };
  } catch (cause) {
    return failed(document, 0, spell(cause instanceof Error ? cause.message : String(cause)));
  }
}

/** The API server takes no request above 3 MiB, and the tree of a larger text would not fit in memory. */
const largestText = 3 * 1024 * 1024;
const tooLarge = 'it is larger than 3 MiB, and Kubernetes takes no object of that size';

const helmTemplate = 'a Helm template is not YAML yet: check its rendered output (helm template . | mesh-shim check -)';
const template = 'a template is not YAML yet: check its rendered output (mesh-shim check -)';
const jsonWithComments = 'JSON with comments: Kubernetes takes none';

function isHelm(text: string): boolean {
  return /\{\{-?\s*(?:\.|include|template|define|if|range|with|end|\$)/.test(text);
}

/** Only what was meant as a manifest is the user's to mend. */
function failed(document: ManifestDocument, offset: number, why: string): ReadDocument {
  const file = document.source.name;
  const position = positionIn(document, offset);
  const broken: UnreadDocument = { file, ...position, message: why };
  if (looksLikeManifest(document.text)) return broken;
  const isJson = /^\s*[{[/]/.test(document.text) && /^[ \t]*\/[/*]/m.test(document.text);
  return { file, line: document.line, reason: isJson ? jsonWithComments : noObject, broken };
}

/** The parser shows the place in further lines, and what is too deep for it is a failure of the engine. */
function spell(message: string): string {
  return message.startsWith('Maximum call stack') ? tooDeep : (message.split('\n')[0] ?? '').replace(/:$/, '');
}

function offsetOf(error: YAMLError, { indented }: ParsedText): number {
  return originalOffset(error.pos[0], indented?.insertions ?? []);
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
