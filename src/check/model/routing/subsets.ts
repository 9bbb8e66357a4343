import type { KubeObject } from '../../read/manifest.ts';
import { dict, list, type Path, text, texts } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import { groupBy } from '../group-by.ts';
import type { Labels } from '../selectors.ts';
import { hostOf } from '../service-host.ts';
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
  /** By the whole name of the host, and by its first label. */
  readonly #byHost: ReadonlyMap<string, readonly SubsetRule[]>;
  readonly #byName: ReadonlyMap<string, readonly SubsetRule[]>;
  readonly #wild: readonly SubsetRule[];

  constructor(cluster: Cluster) {
    this.#defaultNamespace = cluster.inputs.namespace;
    this.all = cluster.ofKind('DestinationRule').flatMap((object): SubsetRule[] => {
      const spec = dict(object.data.spec);
      const host = hostText(spec.host);
      return host === undefined ? [] : [{ object, host, subsets: subsetsOf(spec.subsets) }];
    });
    const exact = this.all.filter(({ host }) => !host.startsWith('*'));
    this.#wild = this.all.filter(({ host }) => host.startsWith('*'));
    this.#byHost = groupBy(exact, ({ host, object }) => this.#complete(host, object) ?? '');
    this.#byName = groupBy(exact, ({ host }) => host.split('.', 1)[0] ?? '');
  }

  /** Those for the host that an object names; each completes a name without a dot with its own namespace. */
  rulesFor(host: string, by: KubeObject): readonly SubsetRule[] {
    const asked = this.#complete(host, by);
    const [name = ''] = host.split('.', 1);
    // Whoever says no namespace goes where it is applied, and may go to the same.
    if (asked === undefined) return this.#byName.get(name) ?? [];
    const loose = (this.#byName.get(name) ?? []).filter((rule) => this.#complete(rule.host, rule.object) === undefined);
    const wild = this.#wild.filter((rule) => asked.endsWith(rule.host.slice(1)));
    return [...(this.#byHost.get(asked) ?? []), ...loose, ...wild];
  }

  /** Undefined for a name without a dot of an object without a namespace. */
  #complete(host: string, object: KubeObject): string | undefined {
    if (host.includes('.') || host.startsWith('*')) return host;
    if (!hasOwnNamespace(object, this.#defaultNamespace)) return undefined;
    return hostOf(host, object.namespace);
  }
}

function subsetsOf(value: unknown): Subset[] {
  return list(value).flatMap((item, index) => {
    const { name, labels } = dict(item);
    const own = text(name);
    return own === undefined ? [] : [{ name: own, labels: texts(labels), path: ['spec', 'subsets', index] }];
  });
}
