import type { KubeObject } from '../read/manifest.ts';
import { dict, text } from '../read/values.ts';
import type { Cluster, Workload } from './cluster.ts';
import { policyIndex } from './policy-index.ts';

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
  const whole = (scope: string) => policyIndex(cluster).whole(scope, workload)?.object;
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
export function workloadPolicies(cluster: Cluster, workload: Workload): readonly KubeObject[] {
  return policyIndex(cluster)
    .selecting(workload)
    .map(({ object }) => object);
}

function modeOf(policy: KubeObject | undefined): unknown {
  return dict(dict(policy?.data.spec).mtls).mode;
}

function isMode(mode: unknown): mode is MtlsMode {
  return mode === 'PERMISSIVE' || mode === 'STRICT' || mode === 'DISABLE';
}
