import { type Endpoint, parseHttpUrl, withPath } from '../ask/endpoint.ts';
import type { ServerInfo } from '../ask/server-info.ts';
import { adminOf, type MeshSelection, profileOf } from '../wait/sidecar-gates.ts';

/** Somebody to tell to quit. */
export interface QuitTarget {
  /** Where to, in this order: one of them belongs to the sidecar. */
  readonly endpoints: readonly Endpoint[];
  /** What a person must do when the answer is 404. */
  readonly notFound: string | undefined;
}

/**
 * Who of a sidecar is told, by what is known of it. The next is told only where nothing listens at the one before: an
 * agent ends together with its Envoy, while an Envoy that was told behind its agent's back would be started again.
 */
export const quitOrder = {
  /** It has an address for this: the mesh was named, or the Envoy has said that it is Istio's. */
  hasAgent: ['agent'],
  /** An Envoy by name without such an address, or one that has said that it is not Istio's. */
  plainEnvoy: ['envoy'],
  /** A sidecar that was not named and has not said what it is. */
  unknown: ['agent', 'envoy'],
} as const satisfies Record<string, readonly ('agent' | 'envoy')[]>;

/** Whom to tell of one mesh's sidecar, by what it has said of itself, if anything. */
export function quitTargetOf(
  mesh: MeshSelection[number],
  adminUrl?: Endpoint | undefined,
  serverInfo?: ServerInfo | undefined,
): QuitTarget {
  const profile = profileOf(mesh);
  const admin = adminOf(profile, adminUrl);
  const addresses = {
    agent: profile.quitUrl === undefined ? undefined : parseHttpUrl(profile.quitUrl),
    envoy: admin && withPath(admin, '/quitquitquit'),
  };
  const endpoints = quitOrder[kindOf(mesh, serverInfo)].flatMap((who) => addresses[who] ?? []);
  return { endpoints, notFound: profile.quitNotFound };
}

function kindOf(mesh: MeshSelection[number], serverInfo: ServerInfo | undefined): keyof typeof quitOrder {
  if (mesh !== 'auto') return profileOf(mesh).quitUrl === undefined ? 'plainEnvoy' : 'hasAgent';
  if (!serverInfo) return 'unknown';
  return serverInfo.istio ? 'hasAgent' : 'plainEnvoy';
}
