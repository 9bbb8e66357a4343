import { type Endpoint, parseHttpUrl } from '../ask/endpoint.ts';
import type { MeshProfile, ReadVariable } from '../profiles/mesh-profile.ts';
import { type Mesh, profileOf } from '../profiles/profiles.ts';
import { createEndpointGate } from './endpoint-gate.ts';
import { createEnvoyGate } from './envoy-gate.ts';
import type { Gate } from './gate.ts';
import type { Proof } from './proof.ts';

/** Where one sidecar is asked, other than its profile says. */
export interface SidecarAddresses {
  /** Envoy's admin. */
  readonly admin?: Endpoint | undefined;
  /** Must say yes: of an Envoy as well, of others in place of the profile's own. */
  readonly ready: readonly Endpoint[];
}

export interface SidecarGateOptions {
  readonly addresses: SidecarAddresses | undefined;
  readonly proof: Proof;
  readonly read: ReadVariable;
}

/** The gates of one mesh's sidecar: several where it runs more than once. */
export function createSidecarGates(mesh: Mesh, { addresses = { ready: [] }, proof, read }: SidecarGateOptions): Gate[] {
  const profile = profileOf(mesh, read);
  const subject = mesh === 'auto' ? 'sidecar' : `${profile.title} sidecar`;
  const { absent } = profile.advice;
  const kind = { subject, mesh, advice: absent === undefined ? undefined : { absent } };
  const admin = adminOf(profile, addresses.admin);
  if (!admin) {
    const endpoints = addresses.ready.length > 0 ? addresses.ready : profile.readyUrls.map(parseHttpUrl);
    return endpoints.map((endpoint) => createEndpointGate({ ...kind, question: { kind: 'status', endpoint } }));
  }
  const [ready] = profile.readyUrls;
  return [
    createEnvoyGate({
      ...kind,
      hasAdmin: true,
      profileProof: profile.proof ?? 'statistics',
      proof,
      admin,
      ready: ready === undefined ? undefined : parseHttpUrl(ready),
      readyBody: profile.readyBody,
      alsoReady: addresses.ready[0],
    }),
  ];
}

export function adminOf(profile: MeshProfile, override: Endpoint | undefined): Endpoint | undefined {
  if (profile.adminUrl === undefined) return undefined;
  return override ?? parseHttpUrl(profile.adminUrl);
}
