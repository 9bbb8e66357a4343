import { type Endpoint, parseHttpUrl, withPath } from '../ask/endpoint.ts';
import type { ServerInfo } from '../ask/server-info.ts';
import { admin, type MeshAdvice, type QuitRoute, type ReadVariable } from '../profiles/mesh-profile.ts';
import { type Mesh, meshProfiles, profileOf } from '../profiles/profiles.ts';
import { adminOf } from '../wait/sidecar-gates.ts';

/** Somebody to tell to quit. */
export interface QuitTarget {
  /** Where to, in this order: the next is told only where nothing listens at the one before. */
  readonly endpoints: readonly Endpoint[];
  /** Sent along, `NAME: VALUE`; perhaps a secret. */
  readonly header?: string | undefined;
  /** What a person must do where it does not take the quit. */
  readonly advice?: MeshAdvice | undefined;
}

export interface QuitTargetOptions {
  /** Envoy's admin, where it is not where the profile says. */
  readonly adminUrl?: Endpoint | undefined;
  /** What the sidecar has said of itself. */
  readonly serverInfo?: ServerInfo | undefined;
  /** Of the app's environment, where a mesh says something of its sidecar. */
  readonly read?: ReadVariable | undefined;
}

/**
 * Whom to tell of one mesh's sidecar. An agent ends together with its Envoy, while an Envoy that was told behind its agent's
 * back would be started again; so a sidecar that was not named is told where it has said that it is at home.
 */
export function quitTargetsOf(mesh: Mesh, { adminUrl, serverInfo, read }: QuitTargetOptions = {}): QuitTarget[] {
  const profile = profileOf(mesh, read);
  const envoyAdmin = adminOf(profile, adminUrl);
  return routesOf(mesh, profile.quit, serverInfo).map(({ urls, header }) => ({
    endpoints: urls.flatMap((url) => {
      if (url !== admin) return parseHttpUrl(url);
      return envoyAdmin ? withPath(envoyAdmin, '/quitquitquit') : [];
    }),
    header,
    advice: profile.advice,
  }));
}

function routesOf(mesh: Mesh, quit: readonly QuitRoute[], serverInfo: ServerInfo | undefined): readonly QuitRoute[] {
  if (mesh !== 'auto' || !serverInfo) return quit;
  return serverInfo.istio ? meshProfiles.istio.quit : meshProfiles.envoy.quit;
}
