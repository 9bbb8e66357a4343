/** Where a pod's traffic goes: through a sidecar, through the node (ambient), or past the mesh. */
export type Place = 'sidecar' | 'ambient' | 'outside';

interface ReasonRow {
  readonly place: Place;
  /** For people: behind a count of workloads; of those with a sidecar, why. */
  readonly text: string;
}

/** Why a workload's pods are in the mesh or outside: the one table, in the order in which the census tells them. */
export const membershipReasons = {
  'namespace-label': { place: 'sidecar', text: 'label on the namespace' },
  'pod-label': { place: 'sidecar', text: 'label on the pod' },
  input: { place: 'sidecar', text: 'by --injection' },
  'always-inject': { place: 'sidecar', text: "the injector's alwaysInjectSelector" },
  'by-hand': { place: 'sidecar', text: 'istio-proxy in the manifest' },
  assumed: { place: 'sidecar', text: 'taken as injected (the Namespace is not in the files)' },
  'ambient-label': { place: 'ambient', text: 'in ambient' },
  'ambient-input': { place: 'ambient', text: 'in ambient by --ambient' },
  'opted-out': { place: 'outside', text: 'opted out' },
  'namespace-opted-out': { place: 'outside', text: 'in namespaces that opted out' },
  'namespace-unlabelled': { place: 'outside', text: 'outside the mesh (the Namespace has no injection label)' },
  'input-outside': { place: 'outside', text: 'outside the mesh by --injection' },
  'never-inject': { place: 'outside', text: "left out by the injector's neverInjectSelector" },
  'policy-disabled': { place: 'outside', text: "left out by the injector's policy" },
  'host-network': { place: 'outside', text: 'on the host network' },
  gateway: { place: 'outside', text: 'with a gateway, a proxy itself' },
  'other-mesh': { place: 'outside', text: "with another mesh's proxy" },
  'root-namespace': { place: 'outside', text: "in Istio's own namespace" },
  'system-namespace': { place: 'outside', text: 'in system namespaces' },
} as const satisfies Record<string, ReasonRow>;

export type MembershipReason = keyof typeof membershipReasons;

export type SidecarReason = ReasonOf<'sidecar'>;
export type OtherReason = Exclude<MembershipReason, SidecarReason>;

type ReasonOf<In extends Place> = {
  [Reason in MembershipReason]: (typeof membershipReasons)[Reason]['place'] extends In ? Reason : never;
}[MembershipReason];
