import type { Endpoint } from '../ask/endpoint.ts';
import { type Mesh, type MeshSelection, profileOf } from '../profiles/profiles.ts';
import type { SidecarAddresses } from './sidecar-gates.ts';

/** An address of one sidecar of several, or of the one there is. */
export interface OwnedAddress {
  readonly mesh: Mesh | undefined;
  readonly endpoint: Endpoint;
}

export interface GivenAddresses {
  readonly mesh: MeshSelection;
  readonly adminUrl: readonly OwnedAddress[];
  readonly readyUrl: readonly OwnedAddress[];
  readonly quitUrl?: readonly OwnedAddress[];
  readonly proof: string;
}

/** An address or a choice is nobody's, or could be that of several; the message says why, without the option's name. */
export class AddressOwnerError extends Error {
  override readonly name = 'AddressOwnerError';
  readonly option: 'adminUrl' | 'readyUrl' | 'quitUrl' | 'proof';

  constructor(option: AddressOwnerError['option'], message: string) {
    super(message);
    this.option = option;
  }
}

const hasAdmin = (mesh: Mesh): boolean => profileOf(mesh).adminUrl !== undefined;

/**
 * Says whose each address is. One that is nobody's has no effect, and with one that could be that of several a sidecar would
 * be called ready by another one's word: both are refused.
 *
 * @throws AddressOwnerError
 */
export function addressesBySidecar(given: GivenAddresses): ReadonlyMap<Mesh, SidecarAddresses> {
  const { mesh, adminUrl, readyUrl, quitUrl = [], proof } = given;
  const envoys = mesh.filter(hasAdmin);
  rejectStrangers('adminUrl', adminUrl, mesh);
  rejectStrangers('readyUrl', readyUrl, mesh);
  rejectStrangers('quitUrl', quitUrl, mesh);
  // With no sidecar at all there is none that an address could be wrong for.
  if (mesh.length > 0) {
    if (proof !== 'auto' && envoys.length === 0) throw new AddressOwnerError('proof', noEnvoy(mesh));
    for (const { mesh: whose } of adminUrl) {
      if (whose && !hasAdmin(whose)) throw new AddressOwnerError('adminUrl', noEnvoy([whose]));
    }
    if (adminUrl.length > 0 && envoys.length === 0) throw new AddressOwnerError('adminUrl', noEnvoy(mesh));
    rejectUnclear('adminUrl', adminUrl, envoys);
    rejectUnclear('readyUrl', readyUrl, mesh);
  }
  const own = (name: Mesh, addresses: readonly OwnedAddress[]): Endpoint[] =>
    addresses.flatMap(({ mesh: whose = name, endpoint }) => (whose === name ? [endpoint] : []));
  for (const name of envoys) {
    const { length } = own(name, readyUrl);
    if (length > 1)
      throw new AddressOwnerError('readyUrl', `${titleOf(name)} has one readiness address, got ${length}`);
  }
  return new Map(
    mesh.map((name) => [
      name,
      { admin: hasAdmin(name) ? own(name, adminUrl).at(-1) : undefined, ready: own(name, readyUrl) },
    ]),
  );
}

function rejectStrangers(
  option: AddressOwnerError['option'],
  addresses: readonly OwnedAddress[],
  mesh: MeshSelection,
): void {
  for (const { mesh: whose } of addresses) {
    if (whose === undefined || mesh.includes(whose)) continue;
    const meant = mesh.length === 0 ? 'none is meant' : `${mesh.join(' and ')} ${mesh.length === 1 ? 'is' : 'are'}`;
    throw new AddressOwnerError(option, `${whose} is not among the sidecars that are meant: ${meant}`);
  }
}

function rejectUnclear(
  option: AddressOwnerError['option'],
  addresses: readonly OwnedAddress[],
  candidates: MeshSelection,
): void {
  if (candidates.length < 2 || addresses.every(({ mesh }) => mesh !== undefined)) return;
  throw new AddressOwnerError(option, `that of ${candidates.join(' or of ')}? name the sidecar with each address`);
}

function noEnvoy(mesh: MeshSelection): string {
  const are = mesh.length === 1 ? 'is no Envoy' : 'are no Envoys';
  return `has no effect: ${mesh.map(titleOf).join(' and ')} ${are} whose admin can be asked`;
}

function titleOf(mesh: Mesh): string {
  return profileOf(mesh).title;
}
