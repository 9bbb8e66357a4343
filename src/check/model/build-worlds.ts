import type { LoadedWorld } from '../read/load.ts';
import type { KubeObject } from '../read/manifest.ts';
import { buildCluster, type Cluster } from './cluster.ts';
import { defaultInputs, type Inputs } from './inputs.ts';
import type { PodTemplatePath } from './pod-templates.ts';
import { toldInputs } from './told-inputs.ts';

/** A cluster, and the world of the sources that go to it. */
export interface WorldCluster {
  readonly world: string | undefined;
  readonly cluster: Cluster;
}

/** The cluster of these objects, with the inputs that were given, else those that the objects tell, else the defaults. */
export function buildWorld(
  objects: readonly KubeObject[],
  given: Partial<Inputs>,
  podTemplates: readonly PodTemplatePath[] | undefined,
): Cluster {
  const told = toldInputs(objects, given.rootNamespace);
  const values = Object.fromEntries([...told].map(([input, { value }]) => [input, value]));
  return buildCluster(objects, { ...defaultInputs, ...values, ...given }, { podTemplates, told });
}

export function buildWorlds(
  worlds: readonly LoadedWorld[],
  given: Partial<Inputs>,
  podTemplates: readonly PodTemplatePath[] | undefined,
): WorldCluster[] {
  return worlds.map(({ name, objects }) => ({ world: name, cluster: buildWorld(objects, given, podTemplates) }));
}
