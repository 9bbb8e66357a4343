import { cloudSqlProxy } from './cloud-sql-proxy.ts';
import { consul } from './consul.ts';
import { dapr } from './dapr.ts';
import { envoy } from './envoy.ts';
import { istio, unnamed } from './istio.ts';
import { kuma } from './kuma.ts';
import { linkerd } from './linkerd.ts';
import type { MeshProfile, ReadVariable } from './mesh-profile.ts';

/** The meshes by the names that options take. */
export const meshProfiles = {
  istio,
  envoy,
  linkerd,
  consul,
  kuma,
  dapr,
  'cloud-sql-proxy': cloudSqlProxy,
} as const satisfies Record<string, MeshProfile>;

export type MeshName = keyof typeof meshProfiles;

export const meshNames = Object.keys(meshProfiles) as MeshName[];

export function isMeshName(text: string): text is MeshName {
  return Object.hasOwn(meshProfiles, text);
}

/** One sidecar that is meant: by its name, or whatever is found (`auto`). */
export type Mesh = 'auto' | MeshName;

/** `auto` finds out by itself whether the Envoy is Istio's; an empty list: no sidecar at all. */
export type MeshSelection = readonly Mesh[];

/** Reads `auto`, `none` or names joined by commas; undefined when a name is not known. */
export function parseMeshSelection(text: string): MeshSelection | undefined {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => name === 'auto' || isMeshName(name)) ? (names as Mesh[]) : undefined;
}

/** The profile of a sidecar, as the environment of the app's container has it. */
export function profileOf(mesh: Mesh, read: ReadVariable = () => undefined): MeshProfile {
  const profile: MeshProfile = mesh === 'auto' ? unnamed : meshProfiles[mesh];
  return profile.inEnvironment?.(profile, read) ?? profile;
}

/** What a mesh, or whoever sets it up, puts into the environment of the app's container, and a profile reads. */
export const meshVariables = ['DAPR_HTTP_PORT', 'DAPR_API_TOKEN', 'CSQL_PROXY_QUIT_URLS'] as const;
