import type { KubeObject } from '../../read/manifest.ts';
import { dict, isDict, text } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import type { ServiceName } from './service-name.ts';

/** API groups whose objects make no Services. */
const plainGroup = /^$|^(apps|batch|autoscaling|policy|extensions|monitoring\.coreos\.com)$|(^|\.)(k8s|istio)\.io$/;

/** Fields in which charts and operators get the name that their Services carry. */
const nameField = /^(releaseName|(full)?nameOverride|serviceName|clusterName)$/i;

/** Deeper ones name parts of what is made. */
const deepest = 8;

/**
 * What may make Services that the files do not have: an operator, or a chart, makes them with its object's name at the front,
 * or with one that the object gives. Istio's and Kubernetes' installations bring theirs.
 */
export class ServiceMakers {
  readonly #rootNamespace: string;
  readonly #names: ReadonlySet<string>;

  constructor(cluster: Cluster) {
    this.#rootNamespace = cluster.inputs.rootNamespace;
    this.#names = new Set(cluster.objects.filter(makes).flatMap(namesOf));
  }

  mayMake({ name, namespace }: ServiceName): boolean {
    if (namespace === 'kube-system' || (namespace === 'default' && name === 'kubernetes')) return true;
    if (namespace === this.#rootNamespace && /^(istiod|istio)(-|$)/.test(name)) return true;
    const words = name.split('-');
    return words.some((_, index) => this.#names.has(words.slice(0, index + 1).join('-')));
  }
}

/** Istio makes the Service of a Gateway of the Gateway API. */
function makes({ group, kind }: KubeObject): boolean {
  return !plainGroup.test(group) || (group === 'gateway.networking.k8s.io' && kind === 'Gateway');
}

function namesOf({ name, data }: KubeObject): string[] {
  // Flux names a release after both, where it has no name of its own.
  const target = text(dict(data.spec).targetNamespace);
  return [name, ...(target === undefined ? [] : [`${target}-${name}`]), ...namesIn(data.spec, 0)];
}

function namesIn(value: unknown, depth: number): string[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, depth + 1));
  if (!isDict(value)) return [];
  return Object.entries(value).flatMap(([key, own]) =>
    typeof own === 'string' ? (nameField.test(key) && own !== '' ? [own] : []) : namesIn(own, depth + 1),
  );
}
