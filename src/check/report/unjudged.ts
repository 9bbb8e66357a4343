import type { Cluster } from '../model/cluster.ts';
import { groupBy } from '../model/group-by.ts';
import type { SkippedDocument } from '../read/left-out.ts';
import type { KubeObject } from '../read/manifest.ts';

const fragment = 'a fragment, as a patch is: no image and no selector';

/** Objects that no rule could judge: fragments, and kinds that nobody knows, one line for each kind. */
export function unjudged(clusters: readonly Cluster[]): SkippedDocument[] {
  const unknown = distinct(clusters.flatMap((cluster) => cluster.unknown));
  const kinds = groupBy(unknown, ({ group, kind }) => `${group} ${kind}`.trim());
  return [
    ...distinct(clusters.flatMap((cluster) => cluster.fragments)).map((object) => leftOut(object, fragment)),
    ...[...kinds].map(([kind, objects]) =>
      leftOut(
        objects[0] as KubeObject,
        `not read: ${objects.length} x ${kind}, which holds pods; say where: podTemplates in mesh-shim.yaml`,
      ),
    ),
  ];
}

/** An object that is in several worlds is one. */
function distinct(objects: readonly KubeObject[]): KubeObject[] {
  return [...new Map(objects.map((object) => [object.data, object])).values()];
}

function leftOut({ document }: KubeObject, reason: string): SkippedDocument {
  return { file: document.source.name, line: document.line, reason };
}
