import { type Dict, dict, type Path, text } from './values.ts';

/** Text to check: a file, or what came on standard input. */
export interface ManifestSource {
  /** What findings call it, usually the file's path. */
  readonly name: string;
  /** YAML or JSON, one document or many. */
  readonly text: string;
  /** The namespace of its objects that name none, as `kubectl apply -n` would give them. Default: the input `namespace`. */
  readonly namespace?: string | undefined;
  /** The namespace of all its objects, whatever they say, as `namespace` in a kustomization gives it. Default: their own. */
  readonly namespaceOverride?: string | undefined;
  /**
   * The cluster that it goes to: only what is in one world is seen together. A file that goes to several, such as the base
   * of two overlays, is given once for each; with one name and one text it is read once. Default: all are in one.
   */
  readonly world?: string | undefined;
}

/** One document of a source. It keeps its text, not its syntax tree: the tree of 10,000 documents would not fit in memory. */
export interface ManifestDocument {
  readonly source: ManifestSource;
  readonly text: string;
  readonly format: 'yaml' | 'json';
  /** Where the document's text begins in its source. */
  readonly offset: number;
  readonly line: number;
}

/** One Kubernetes object: a document, or an item of a List in one. */
export interface KubeObject {
  readonly document: ManifestDocument;
  /** Where the object stands in its document: empty, or the way to an item of a List. */
  readonly root: Path;
  /** One and the same for the objects that several worlds have of it. */
  readonly data: Dict;
  readonly apiVersion: string;
  /** `apps` for `apps/v1`, empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** What an object gets from where it stands. */
export interface ObjectPlace {
  readonly source: ManifestSource;
  readonly defaultNamespace: string;
}

/** A document or an item, before it is known which world it goes to. `apiVersion` and `kind` may come from a typed List. */
export interface FoundObject {
  readonly document: ManifestDocument;
  readonly root: Path;
  readonly data: Dict;
  readonly apiVersion: string;
  readonly kind: string;
}

export function kubeObject(found: FoundObject, { source, defaultNamespace }: ObjectPlace): KubeObject {
  const metadata = dict(found.data.metadata);
  const slash = found.apiVersion.indexOf('/');
  const group = slash === -1 ? '' : found.apiVersion.slice(0, slash);
  const own = text(metadata.name) ?? text(metadata.generateName) ?? '(no name)';
  const isNamespace = group === '' && found.kind === 'Namespace';
  return {
    ...found,
    group,
    // A kustomization's namespace is that of its Namespace objects, too.
    name: isNamespace ? (source.namespaceOverride ?? own) : own,
    namespace: source.namespaceOverride ?? text(metadata.namespace) ?? source.namespace ?? defaultNamespace,
  };
}

/** How people and reports call an object: `Deployment shop/web`. */
export function objectName({ kind, namespace, name }: Pick<KubeObject, 'kind' | 'namespace' | 'name'>): string {
  return kind === 'Namespace' ? `Namespace ${name}` : `${kind} ${namespace}/${name}`;
}
