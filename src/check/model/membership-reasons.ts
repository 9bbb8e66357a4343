/** Where a pod's traffic goes: through a sidecar, through the node (ambient), or past the mesh. */
export type Place = 'sidecar' | 'ambient' | 'outside';

interface ReasonRow {
  readonly place: Place;
  /** For people, behind a count of workloads. */
  readonly text: string;
}

/** Why a workload's pods are in the mesh or outside: the one table, in the order in which the census tells them. */
export const membershipReasons = {
  'namespace-label': { place: 'sidecar', text: 'label on the namespace' },
  'pod-label': { place: 'sidecar', text: 'label on the pod' },
  input: { place: 'sidecar', text: 'the input `injection` says so' },
  'always-inject': { place: 'sidecar', text: "the injector's alwaysInjectSelector" },
  'by-hand': { place: 'sidecar', text: 'istio-proxy is in the manifest' },
  assumed: { place: 'sidecar', text: 'the Namespace is not in the files, taken as injected' },
  'ambient-label': { place: 'ambient', text: 'label' },
  'ambient-input': { place: 'ambient', text: 'the input `ambient` says so' },
  'opted-out': { place: 'outside', text: 'opted out' },
  'namespace-opted-out': { place: 'outside', text: 'the namespace opted out' },
  'namespace-unlabelled': { place: 'outside', text: 'the Namespace in the files has no injection label' },
  'input-outside': { place: 'outside', text: 'the input `injection` says no' },
  'never-inject': { place: 'outside', text: "the injector's neverInjectSelector" },
  'policy-disabled': { place: 'outside', text: "the injector's policy is disabled" },
  'host-network': { place: 'outside', text: 'host network' },
  gateway: { place: 'outside', text: 'a gateway, which is a proxy itself' },
  'other-mesh': { place: 'outside', text: "another mesh's proxy" },
  'root-namespace': { place: 'outside', text: "Istio's own namespace" },
  'system-namespace': { place: 'outside', text: 'a system namespace' },
} as const satisfies Record<string, ReasonRow>;

export type MembershipReason = keyof typeof membershipReasons;

export type SidecarReason = ReasonOf<'sidecar'>;
export type OtherReason = Exclude<MembershipReason, SidecarReason>;

type ReasonOf<In extends Place> = {
  [Reason in MembershipReason]: (typeof membershipReasons)[Reason]['place'] extends In ? Reason : never;
}[MembershipReason];
