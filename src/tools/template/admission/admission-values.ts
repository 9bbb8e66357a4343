export const engines = ['policy', 'kyverno'] as const;
export const admissionWays = ['init', 'volume'] as const;

export interface Label {
  readonly key: string;
  readonly value: string;
}

export interface AdmissionValues {
  readonly name: string;
  readonly engine: (typeof engines)[number];
  /** How the files of mesh-shim come into the pod. */
  readonly way: (typeof admissionWays)[number];
  readonly image: string;
  /** Which pods; undefined: all of the namespaces. */
  readonly label: Label | undefined;
  /** Which namespaces; undefined: all. */
  readonly namespaceLabel: Label | undefined;
  /** Containers that stay as they are. */
  readonly except: readonly string[];
  /** Beside kube-system. */
  readonly exceptNamespaces: readonly string[];
}
