import type { KubeObject } from '../read/manifest.ts';
import { groupBy } from './group-by.ts';

/** Of objects that the files hold twice (install.yaml beside base/) the one that lies nearest to another object. */
export function nearestCopies<Value>(
  values: readonly Value[],
  objectOf: (value: Value) => KubeObject,
  to: KubeObject,
): readonly Value[] {
  if (values.length < 2) return values;
  const groups = groupBy(values, (value) => identity(objectOf(value)));
  if (groups.size === values.length) return values;
  return [...groups.values()].map((copies) =>
    copies.reduce((best, copy) => (nearness(objectOf(copy), to) > nearness(objectOf(best), to) ? copy : best)),
  );
}

/** Whether one is the other in another file: one of the two is applied. */
export function isCopy(one: KubeObject, other: KubeObject): boolean {
  return one !== other && identity(one) === identity(other);
}

function identity({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('\0');
}

/** How much of the way to their files is the same; one file is nearest. */
function nearness(object: KubeObject, to: KubeObject): number {
  if (object.document.source === to.document.source) return Number.POSITIVE_INFINITY;
  const [one, other] = [object, to].map(({ document }) => document.source.name.split(/[/\\]/).slice(0, -1));
  let depth = 0;
  while (one?.[depth] !== undefined && one[depth] === other?.[depth]) depth += 1;
  return depth;
}
