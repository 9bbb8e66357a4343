import type { KubeObject } from '../../read/manifest.ts';
import { dict, list, type Path, text, texts } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import type { Labels } from '../selectors.ts';
import { hostText } from './mesh-hosts.ts';
import { hasOwnNamespace } from './own-namespace.ts';

export interface Subset {
  readonly name: string;
  readonly labels: Labels;
  readonly path: Path;
}

/** A DestinationRule, as far as its subsets go. */
export interface SubsetRule {
  readonly object: KubeObject;
  readonly host: string;
  readonly subsets: readonly Subset[];
}

/** The DestinationRules of the files by the hosts that they are for. */
export class SubsetIndex {
  readonly all: readonly SubsetRule[];
  readonly #defaultNamespace: string;

  constructor(cluster: Cluster) {
    this.#defaultNamespace = cluster.inputs.namespace;
    this.all = cluster.ofKind('DestinationRule').flatMap((object): SubsetRule[] => {
      const spec = dict(object.data.spec);
      const host = hostText(spec.host);
      return host === undefined ? [] : [{ object, host, subsets: subsetsOf(spec.subsets) }];
    });
  }

  /** Those for the host that an object names; each completes a name without a dot with its own namespace. */
  rulesFor(host: string, by: KubeObject): SubsetRule[] {
    const asked = this.#complete(host, by);
    return this.all.filter((rule) => {
      const own = this.#complete(rule.host, rule.object);
      if (own.startsWith('*')) return asked.endsWith(own.slice(1));
      // Whoever says no namespace goes where it is applied, and may go to the same.
      return (
        own === asked ||
        (own.endsWith('.?') && asked.startsWith(own.slice(0, -1))) ||
        (asked.endsWith('.?') && own.startsWith(asked.slice(0, -1)))
      );
    });
  }

  #complete(host: string, { namespace, ...object }: KubeObject): string {
    if (host.includes('.') || host.startsWith('*')) return host;
    if (!hasOwnNamespace({ namespace, ...object }, this.#defaultNamespace)) return `${host}.?`;
    return `${host}.${namespace}.svc.cluster.local`;
  }
}

function subsetsOf(value: unknown): Subset[] {
  return list(value).flatMap((item, index) => {
    const { name, labels } = dict(item);
    const own = text(name);
    return own === undefined ? [] : [{ name: own, labels: texts(labels), path: ['spec', 'subsets', index] }];
  });
}
