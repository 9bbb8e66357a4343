import type { KubeObject } from '../read/manifest.ts';
import { dict, list, text, texts } from '../read/values.ts';

/**
 * The objects that stand for themselves, of a dump of a cluster: what another object here has made is judged with it, and
 * of the pods whose maker is not here the first stands for all.
 */
export function withoutOwned(objects: readonly KubeObject[]): KubeObject[] {
  const names = new Set(objects.map(nameOf));
  const seen = new Set<string>();
  return objects.filter((object) => {
    const owner = controllerOf(object);
    if (owner === undefined) return true;
    if (names.has(owner) || makersOf(object, owner).some((maker) => names.has(maker))) return false;
    const isFirst = !seen.has(owner);
    seen.add(owner);
    return isFirst;
  });
}

function nameOf({ kind, namespace, name }: KubeObject): string {
  return key(kind, namespace, name);
}

function key(kind: string, namespace: string, name: string): string {
  return `${kind}\0${namespace}\0${name}`;
}

/** The object that its `ownerReferences` call its controller. Names are enough: they are unique in a namespace. */
function controllerOf({ data, namespace }: KubeObject): string | undefined {
  const owners = list(dict(data.metadata).ownerReferences).map(dict);
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  const [kind, name] = [text(owner?.kind), text(owner?.name)];
  return kind === undefined || name === undefined ? undefined : key(kind, namespace, name);
}

/** Who has made its controller, where that is not here: a Deployment its ReplicaSets, a CronJob its Jobs, by their names. */
function makersOf({ data, namespace }: KubeObject, owner: string): string[] {
  const [kind = '', , name = ''] = owner.split('\0');
  const hash = texts(dict(data.metadata).labels)['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)) {
    const maker = name.slice(0, -hash.length - 1);
    return [key('Deployment', namespace, maker), key('Rollout', namespace, maker)];
  }
  if (kind === 'Job') return [key('CronJob', namespace, name.replace(/-\d+$/, ''))];
  return [];
}
