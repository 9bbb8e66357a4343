import type { LoadedWorld } from '../read/load.ts';
import { buildCluster, type Cluster } from './cluster.ts';
import { defaultInputs, type Inputs } from './inputs.ts';
import type { PodTemplatePath } from './pod-templates.ts';
import { toldInputs } from './told-inputs.ts';

/** A cluster, and the world of the sources that go to it. */
export interface WorldCluster {
  readonly world: string | undefined;
  readonly cluster: Cluster;
}

/** The cluster of each world, with the inputs that were given, else those that its objects tell, else the defaults. */
export function buildWorlds(
  worlds: readonly LoadedWorld[],
  given: Partial<Inputs>,
  podTemplates: readonly PodTemplatePath[] | undefined,
): WorldCluster[] {
  return worlds.map(({ name, objects }) => {
    const told = toldInputs(objects, given.rootNamespace);
    const values = Object.fromEntries([...told].map(([input, { value }]) => [input, value]));
    const inputs = { ...defaultInputs, ...values, ...given };
    return { world: name, cluster: buildCluster(objects, inputs, { podTemplates, told }) };
  });
}
