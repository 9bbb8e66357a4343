import type { KubeObject } from '../read/manifest.ts';
import { dict } from '../read/values.ts';
import type { ConfigMaps } from './environment.ts';
import { holdsPods } from './holds-pods.ts';
import { withoutOwned } from './ownership.ts';
import type { PodTemplate } from './pod.ts';
import { type KindsByName, kindOf, podTemplates } from './pod-templates.ts';
import type { PodLife, WorkloadKind } from './workload-kinds.ts';

export interface SortedObjects {
  readonly templates: readonly {
    readonly object: KubeObject;
    readonly template: PodTemplate;
    readonly life: PodLife;
    readonly operatorStarts: boolean;
  }[];
  readonly fragments: readonly KubeObject[];
  readonly unknown: readonly KubeObject[];
}

/** Which of the objects make pods, and what these look like. */
export function sortObjects(
  objects: readonly KubeObject[],
  kinds: KindsByName,
  configMaps: (namespace: string) => ConfigMaps,
): SortedObjects {
  const templates: SortedObjects['templates'][number][] = [];
  const fragments: KubeObject[] = [];
  const unknown: KubeObject[] = [];
  for (const object of withoutOwned(objects)) {
    const kind = kindOf(object, kinds);
    if (kind === undefined) {
      if (holdsPods(object)) unknown.push(object);
      continue;
    }
    const own = podTemplates(object, kind, configMaps(object.namespace));
    if (isFragment(object, kind, own)) fragments.push(object);
    else
      for (const template of own) {
        const operatorStarts = kind.operatorStarts === true;
        templates.push({ object, template, life: lifeOf(kind, template), operatorStarts });
      }
  }
  return { templates, fragments, unknown };
}

/** A patch: it has the fields that it changes. What makes pods has an image, and a selector where its kind has one. Nobody patches Pods. */
function isFragment(
  { data }: KubeObject,
  { kind, partial, shape }: WorkloadKind,
  templates: readonly PodTemplate[],
): boolean {
  if (partial || shape !== undefined || kind === 'Pod') return false;
  const spec = dict(data.spec);
  if (spec.selector !== undefined || spec.workloadRef !== undefined) return false;
  return !templates.some(
    ({ containers, initContainers, proxy }) =>
      proxy !== undefined || [...containers, ...initContainers].some(({ image }) => image !== ''),
  );
}

/** Of a Pod by itself, and of a kind that only the user knows, the restart policy tells: others have one for their kind. */
function lifeOf({ kind, life, source }: WorkloadKind, { spec }: PodTemplate): PodLife {
  const ends = spec.restartPolicy === 'Never' || spec.restartPolicy === 'OnFailure';
  return ends && (kind === 'Pod' || source === 'mesh-shim.yaml') ? 'ends' : life;
}
