import type { KubeObject } from '../../read/manifest.ts';
import type { Cluster, Service } from '../cluster.ts';
import { nearestCopies } from '../copies.ts';
import { groupBy } from '../group-by.ts';

/** Finds Services by their names. */
export interface ServiceIndex {
  /** Of copies the one that is nearest to the object that names the Service. */
  readonly named: (namespace: string, name: string, from: KubeObject) => Service | undefined;
}

export function indexServices(services: Cluster['services']): ServiceIndex {
  const byName = groupBy(services, ({ object }) => `${object.namespace}\0${object.name}`);
  return {
    named: (namespace, name, from) =>
      nearestCopies(byName.get(`${namespace}\0${name}`) ?? [], ({ object }) => object, from)[0],
  };
}
