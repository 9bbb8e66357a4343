import { isReservedPort } from '../../../mesh/ports/ports.ts';
import { type Cluster, isCaptured, type Workload } from '../cluster.ts';
import type { InputName } from '../inputs.ts';
import { membershipReasons } from '../membership-reasons.ts';
import { type EffectiveMtls, effectiveMtls } from '../mtls.ts';

/** What a port of a pod takes, seen from the network. */
export interface Accepted {
  /** `unknown`: ambient, a gateway, proxyless gRPC, a pod that is not captured as a whole, or not created. */
  readonly takes: 'plain' | 'mtls' | 'both' | 'unknown';
  /** For a sentence: "port 80 of Pod a ...". */
  readonly state: string;
  /** What decided about mTLS, where the sidecar has a say. */
  readonly mtls: EffectiveMtls | undefined;
  /** Inputs that the answer rests on. */
  readonly restsOn: readonly InputName[];
}

const unknown: Accepted = { takes: 'unknown', state: '', mtls: undefined, restsOn: [] };

/** What callers may speak to a container port of a workload: its sidecar, its redirection and its PeerAuthentications decide. */
export function acceptedBy(cluster: Cluster, workload: Workload, port: number): Accepted {
  const { injection } = workload;
  const { memberBy } = injection;
  if (injection.injected === false) {
    if (membershipReasons[injection.because].place !== 'outside' || injection.because === 'gateway') return unknown;
    return { takes: 'plain', state: 'has no sidecar', mtls: undefined, restsOn: memberBy };
  }
  if (injection.injected === 'error' || injection.init === undefined) return unknown;
  // The sidecar's own ports are never redirected; what they take is its affair.
  if (isReservedPort(port)) return unknown;
  if (!isCaptured(workload, port)) {
    return { takes: 'plain', state: 'is not captured by the sidecar', mtls: undefined, restsOn: memberBy };
  }
  const mtls = effectiveMtls(cluster, workload, port);
  const restsOn: readonly InputName[] = mtls.by === undefined ? [...memberBy, 'mtls'] : memberBy;
  switch (mtls.mode) {
    case 'STRICT':
      return { takes: 'mtls', state: 'is STRICT', mtls, restsOn };
    case 'DISABLE':
      return { takes: 'plain', state: 'takes plain text only', mtls, restsOn };
    case 'PERMISSIVE':
      return { takes: 'both', state: 'takes both', mtls, restsOn };
  }
}
