import { type Endpoint, parseHttpUrl, parseServerUrl, parseTcpUrl, parseUnixUrl } from '../ask/endpoint.ts';
import { protocolChecksByScheme } from '../ask/protocol-checks/by-scheme.ts';
import { createConnectGate, createHttpGate, createProtocolGate } from './endpoint-gate.ts';
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
  if (!admin) return createHttpGate(subject, addresses.ready ?? (profileReady as Endpoint));
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

/**
 * Reads `http://...`, `tcp://HOST:PORT`, `unix:PATH`, or the URL of a server whose protocol is known (`postgres://HOST`)
 * into a gate. Throws EndpointError.
 */
export function createTargetGate(text: string): Gate {
  if (text.startsWith('tcp:')) return createConnectGate(text, parseTcpUrl(text));
  if (text.startsWith('unix:')) return createConnectGate(text, parseUnixUrl(text));
  const check = protocolChecksByScheme.get(text.slice(0, Math.max(text.indexOf('://'), 0)));
  if (check) return createProtocolGate(parseServerUrl(text, check.defaultPort), check);
  return createHttpGate(text, parseHttpUrl(text));
}
