import { nearestName } from '../../text/nearest-name.ts';
import { type Fix, remove, rename } from '../fix/fix.ts';
import { proxyConfigAnnotation } from '../model/annotation-values.ts';
import type { Cluster, Workload } from '../model/cluster.ts';
import { annotationFact, annotationNames, isIstioAnnotation } from '../model/istio-annotations.ts';
import { parseProxyConfig } from '../model/proxy-config.ts';
import { isProxySetting, proxySettingNames } from '../model/proxy-settings.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Path, texts, valueAt } from '../read/values.ts';
import { isNativeTypo } from './shared/native-typos.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const istioAnnotationUnknown: Rule = {
  id: 'istio-annotation-unknown',
  severity: 'warning',
  title: 'An istio.io annotation, or a setting in proxy.istio.io/config, that Istio does not know',
  why: 'Istio ignores it silently: what it was meant to do does not happen.',
  fix: "The name that was meant; the finding names the nearest one of Istio's own.",
  docs: [
    'It looks at pod templates, and at the metadata of workloads, Services and Namespaces.',
    'What Istio knows differs by release (`--istio`): an annotation that an older or a newer one reads is named with it.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template } = workload;
      const path = [...template.path, 'metadata', 'annotations'];
      yield* unknownIn(cluster, object, path, template.annotations);
      if (template.path.length > 0) yield* unknownOf(cluster, object);
      yield* unknownSettings(cluster, workload);
    }
    for (const object of [...cluster.ofKind('Namespace'), ...cluster.ofKind('Service')])
      yield* unknownOf(cluster, object);
  },
};

function unknownOf(cluster: Cluster, object: KubeObject): Iterable<Problem> {
  const path = ['metadata', 'annotations'];
  return unknownIn(cluster, object, path, texts(valueAt(object.data, path)));
}

function* unknownIn(
  { inputs: { istio } }: Cluster,
  object: KubeObject,
  place: Path,
  annotations: Readonly<Record<string, string>>,
): Iterable<Problem> {
  for (const name of Object.keys(annotations)) {
    if (!isIstioAnnotation(name) || isNativeTypo(name)) continue;
    const fact = annotationFact(name, istio);
    if (fact !== undefined && fact.unknown === undefined) continue;
    const path = [...place, name];
    if (fact !== undefined) {
      const limit =
        fact.unknown === 'yet' ? `Istio reads it from ${fact.limit} on` : `${fact.limit} was the last to read it`;
      const fix = { title: 'remove it', certain: false, changes: [remove(object, path)] };
      yield { object, path, message: `Istio ${istio} ignores "${name}": ${limit}.`, restsOn: ['istio'], fix };
      continue;
    }
    const near = nearestName(name, annotationNames);
    const isFree = near !== undefined && annotations[near] === undefined;
    yield {
      object,
      path,
      message: `Istio ignores "${name}"${near ? `; did you mean "${near}"?` : '.'}`,
      fix: isFree
        ? { title: `rename it to ${near}`, certain: false, changes: [rename(object, path, near)] }
        : { title: 'remove it', certain: false, changes: [remove(object, path)] },
    };
  }
}

/** Settings in `proxy.istio.io/config`; of those that are near to the hold another rule tells. */
function* unknownSettings({ inputs: { istio } }: Cluster, { object, template }: Workload): Iterable<Problem> {
  const { config } = parseProxyConfig(template.annotations[proxyConfigAnnotation], istio);
  if (config === undefined) return;
  for (const name of Object.keys(config)) {
    const near = nearestName(name, proxySettingNames);
    if (isProxySetting(name, istio) || name === 'defaultConfig' || /hold/i.test(name)) continue;
    const path = [...template.path, 'metadata', 'annotations', proxyConfigAnnotation];
    const isOld = near === name;
    const words = isOld ? ` of release ${istio}` : near === undefined ? '' : `; did you mean "${near}"?`;
    const fix: Fix = { title: 'remove the annotation, or correct it', certain: false, changes: [remove(object, path)] };
    yield {
      object,
      path,
      message: `Istio ignores "${name}" in ${proxyConfigAnnotation}: it is no setting${words}${words.endsWith('?') ? '' : '.'}`,
      ...(isOld ? { restsOn: ['istio'] as const } : {}),
      fix,
    };
  }
}
