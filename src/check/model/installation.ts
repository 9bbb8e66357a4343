import { parseValue } from '../read/kube-yaml.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, list, valueAt } from '../read/values.ts';
import { isOfKind } from './own-kinds.ts';

/** The objects that Istio's charts install, where they are among those of a cluster. */

/** The Deployment of istiod, whatever it is called. */
export function istiodOf(objects: readonly KubeObject[]): KubeObject | undefined {
  return objects.find(
    (object) => isOfKind(object, 'Deployment') && containersOf(object).some(({ name }) => name === 'discovery'),
  );
}

export function containersOf({ data }: KubeObject): readonly Dict[] {
  return list(valueAt(data, ['spec', 'template', 'spec', 'containers'])).map(dict);
}

/**
 * The ConfigMap of the injector: of the default revision, or the only one, beside istiod or in the root namespace.
 * Source: Istio 1.31's chart, istiod-injector-configmap.yaml.
 */
export function injectorConfigMap(objects: readonly KubeObject[], rootNamespace: string): KubeObject | undefined {
  const found = objects.filter((object) => isOfKind(object, 'ConfigMap') && injectorName.test(object.name));
  if (found.length === 0) return undefined;
  const namespaces = [rootNamespace, istiodOf(objects)?.namespace];
  const own = found.filter(({ namespace }) => namespaces.includes(namespace));
  return own.find(({ name }) => name === 'istio-sidecar-injector') ?? (own.length === 1 ? own[0] : undefined);
}

const injectorName = /^istio-sidecar-injector(-|$)/;

/** A ConfigMap holds settings as text, YAML or JSON; nothing can be told from a broken one. */
export function settings(written: string | undefined): Dict {
  try {
    return dict(parseValue(written ?? ''));
  } catch {
    return {};
  }
}
