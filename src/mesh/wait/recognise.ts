import type { Asker } from '../ask/asker.ts';
import type { CancelSignal } from '../ask/cancel.ts';
import { parseHttpUrl } from '../ask/endpoint.ts';
import { type MeshName, meshNames, profileOf } from '../profiles/profiles.ts';

/** Milliseconds for an answer that is only asked for to give better advice. */
const patienceMs = 300;

/**
 * Whose sidecars are there, by ports that are open and an answer that only they give. `auto` does not go by it: a pod may have several,
 * and the one that is still missing would not be waited for. But who has waited in vain is told.
 */
export async function recogniseSidecars(
  asker: Asker,
  listeningPorts: ReadonlySet<number> | undefined,
  signal: CancelSignal,
): Promise<MeshName[]> {
  const found = await Promise.all(
    meshNames.map(async (name) => {
      const { recognisedBy } = profileOf(name);
      if (!recognisedBy || !listeningPorts) return [];
      const endpoint = parseHttpUrl(recognisedBy.url);
      const [address] = endpoint.addresses;
      if (address?.kind !== 'tcp' || !listeningPorts.has(address.port)) return [];
      const observation = await asker.ask({ kind: 'text', endpoint }, patienceMs, signal);
      return observation.kind === 'reply' && recognisedBy.isIts(observation.status, observation.body) ? [name] : [];
    }),
  );
  return found.flat();
}
