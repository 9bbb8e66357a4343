import { type Cluster, matches, type Workload } from './cluster.ts';
import type { KubeObject } from './manifest.ts';
import { dict, text, texts } from './values.ts';

export type MtlsMode = 'PERMISSIVE' | 'STRICT' | 'DISABLE';

/** What decides how a port of a workload takes mTLS. */
export interface EffectiveMtls {
  readonly mode: MtlsMode;
  /** The policy that said so; undefined: the input `mtls`. */
  readonly by: KubeObject | undefined;
}

/**
 * Istio's own order: the mesh's policy (root namespace, no selector), the namespace's, then ONE of the workload's; UNSET
 * inherits; portLevelMtls is read from the workload's policy only. Ambient knows no DISABLE.
 */
export function effectiveMtls(cluster: Cluster, workload: Workload, port?: number): EffectiveMtls {
  const { namespace } = workload.object;
  let effective: EffectiveMtls = { mode: cluster.inputs.mtls, by: undefined };
  const take = (policy: KubeObject | undefined, mode: unknown) => {
    if (policy !== undefined && isMode(mode)) effective = { mode, by: policy };
  };
  const policies = cluster.ofKind('PeerAuthentication');
  const whole = (scope: string) =>
    policies.find((policy) => policy.namespace === scope && selectorOf(policy) === undefined);
  const mesh = whole(cluster.inputs.rootNamespace);
  take(mesh, modeOf(mesh));
  const own = namespace === cluster.inputs.rootNamespace ? undefined : whole(namespace);
  take(own, modeOf(own));
  const [policy] = workloadPolicies(cluster, workload);
  take(policy, modeOf(policy));
  if (port !== undefined) take(policy, text(dict(dict(dict(policy?.data.spec).portLevelMtls)[String(port)]).mode));
  return effective;
}

/** The policies that select this workload, the oldest first as far as files can tell: in their order. */
export function workloadPolicies(cluster: Cluster, { object, template }: Workload): readonly KubeObject[] {
  return cluster.ofKind('PeerAuthentication').filter((policy) => {
    if (policy.namespace !== object.namespace) return false;
    const selector = selectorOf(policy);
    return selector !== undefined && matches(selector, template.labels);
  });
}

export function selectorOf(policy: KubeObject): Readonly<Record<string, string>> | undefined {
  const labels = texts(dict(dict(policy.data.spec).selector).matchLabels);
  return Object.keys(labels).length === 0 ? undefined : labels;
}

function modeOf(policy: KubeObject | undefined): unknown {
  return dict(dict(policy?.data.spec).mtls).mode;
}

function isMode(mode: unknown): mode is MtlsMode {
  return mode === 'PERMISSIVE' || mode === 'STRICT' || mode === 'DISABLE';
}
