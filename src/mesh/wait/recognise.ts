import type { Asker } from '../ask/asker.ts';
import type { CancelSignal } from '../ask/cancel.ts';
import { parseHttpUrl } from '../ask/endpoint.ts';
import type { ReadVariable } from '../profiles/mesh-profile.ts';
import { type MeshName, meshNames, profileOf } from '../profiles/profiles.ts';

/** For people who have asked for another one. */
export function describeRecognised(names: readonly MeshName[]): string {
  return `this looks like ${names.map((name) => profileOf(name).title).join(' and ')}`;
}

/** Milliseconds for an answer that is only asked for to give better advice. */
const patienceMs = 300;

interface Around {
  readonly listeningPorts: ReadonlySet<number> | undefined;
  /** Of the app's environment, where a mesh names the port of its sidecar. */
  readonly read: ReadVariable;
}

/**
 * Whose sidecars are there, by ports that are open and an answer that only they give. `auto` does not go by it: a pod may have several,
 * and the one that is still missing would not be waited for. But who has waited in vain is told.
 */
export async function recogniseSidecars(
  asker: Asker,
  { listeningPorts, read }: Around,
  signal: CancelSignal,
): Promise<MeshName[]> {
  const isThere = async (name: MeshName): Promise<boolean> => {
    const { recognisedBy, readyUrls } = profileOf(name, read);
    if (!recognisedBy) return false;
    const urls = recognisedBy.url === undefined ? readyUrls : [recognisedBy.url];
    const answers = await Promise.all(
      urls.map(parseHttpUrl).map(async (endpoint) => {
        const [address] = endpoint.addresses;
        if (address?.kind !== 'tcp' || !listeningPorts?.has(address.port)) return false;
        const observation = await asker.ask({ kind: 'text', endpoint }, patienceMs, signal);
        return observation.kind === 'reply' && recognisedBy.isIts(observation.status, observation.body);
      }),
    );
    return answers.includes(true);
  };
  const found = await Promise.all(meshNames.map(isThere));
  return meshNames.filter((_, index) => found[index]);
}
