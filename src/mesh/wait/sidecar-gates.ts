import { type Endpoint, parseHttpUrl } from '../ask/endpoint.ts';
import { createEndpointGate } from './endpoint-gate.ts';
import { createEnvoyGate } from './envoy-gate.ts';
import type { Gate } from './gate.ts';
import { autoProfile, isMeshName, type MeshName, type MeshProfile, meshProfiles } from './profiles.ts';

/** `auto` finds out by itself whether the Envoy is Istio's; an empty list: no sidecar at all. */
export type MeshSelection = readonly ('auto' | MeshName)[];

/** Reads `auto`, `none` or names joined by commas; undefined when a name is not known. */
export function parseMeshSelection(text: string): MeshSelection | undefined {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => name === 'auto' || isMeshName(name)) ? (names as ('auto' | MeshName)[]) : undefined;
}

export function profileOf(mesh: MeshSelection[number]): MeshProfile {
  return mesh === 'auto' ? autoProfile : meshProfiles[mesh];
}

export interface SidecarAddresses {
  /** Overrides the admin of each Envoy-based profile. */
  readonly admin?: Endpoint | undefined;
  /** Must say 200 as well, instead of the profile's own readiness address. */
  readonly ready?: Endpoint | undefined;
}

/** The gate of one mesh's sidecar. */
export function createSidecarGate(mesh: MeshSelection[number], addresses: SidecarAddresses): Gate {
  const profile = profileOf(mesh);
  const subject = mesh === 'auto' ? 'sidecar' : `${profile.title} sidecar`;
  const profileReady = profile.readyUrl === undefined ? undefined : parseHttpUrl(profile.readyUrl);
  const admin = adminOf(profile, addresses.admin);
  if (!admin) {
    const endpoint = addresses.ready ?? (profileReady as Endpoint);
    return createEndpointGate({ subject, question: { kind: 'status', endpoint } });
  }
  return createEnvoyGate({
    subject,
    proof: profile.proof ?? 'workers',
    admin,
    ready: profileReady,
    alsoReady: addresses.ready,
  });
}

export function adminOf(profile: MeshProfile, override: Endpoint | undefined): Endpoint | undefined {
  if (profile.adminUrl === undefined) return undefined;
  return override ?? parseHttpUrl(profile.adminUrl);
}
