import { type Dict, dict, type Path, text } from './values.ts';

/** Text to check: a file, or what came on standard input. */
export interface ManifestSource {
  /** What findings call it, usually the file's path. */
  readonly name: string;
  /** YAML or JSON, one document or many. */
  readonly text: string;
  /** The namespace of its objects that name none, as `kubectl apply -n` would give them. Default: the input `namespace`. */
  readonly namespace?: string | undefined;
}

/** One document of a source. It keeps its text, not its syntax tree: the tree of 10,000 documents would not fit in memory. */
export interface ManifestDocument {
  readonly source: ManifestSource;
  readonly text: string;
  /** Where the document's text begins in its source. */
  readonly offset: number;
  readonly line: number;
}

/** One Kubernetes object: a document, or an item of a List in one. */
export interface KubeObject {
  readonly document: ManifestDocument;
  /** Where the object stands in its document: empty, or the way to an item of a List. */
  readonly root: Path;
  readonly data: Dict;
  readonly apiVersion: string;
  /** `apps` for `apps/v1`, empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export function kubeObject(
  document: ManifestDocument,
  root: Path,
  data: Dict,
  defaultNamespace: string,
): KubeObject | undefined {
  const apiVersion = text(data.apiVersion);
  const kind = text(data.kind);
  if (apiVersion === undefined || kind === undefined) return undefined;
  const metadata = dict(data.metadata);
  const slash = apiVersion.indexOf('/');
  return {
    document,
    root,
    data,
    apiVersion,
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    kind,
    name: text(metadata.name) ?? text(metadata.generateName) ?? '(no name)',
    namespace: text(metadata.namespace) ?? document.source.namespace ?? defaultNamespace,
  };
}

/** How people and reports call an object: `Deployment shop/web`. */
export function objectName({ kind, namespace, name }: Pick<KubeObject, 'kind' | 'namespace' | 'name'>): string {
  return kind === 'Namespace' ? `Namespace ${name}` : `${kind} ${namespace}/${name}`;
}
