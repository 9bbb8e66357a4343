import type { Path } from '../read/values.ts';
import { findRefusal, goBool, type InjectionRefusal, proxyConfigAnnotation } from './annotation-values.ts';
import {
  type MissingTemplate,
  missingTemplate,
  templateForGateways,
  templatesAnnotation,
  templatesOf,
} from './injection-templates.ts';
import { type InputName, type Inputs, isOlder } from './inputs.ts';
import { membershipOf, type Surroundings } from './membership.ts';
import { membershipReasons, type OtherReason, type SidecarReason } from './membership-reasons.ts';
import type { PodTemplate } from './pod.ts';
import { parseProxyConfig } from './proxy-config.ts';

/** How istio-proxy is placed in the pod. */
export type SidecarMode =
  /** An init container that stays: it is ready before, and gone after, all others. */
  | 'native'
  /** The first container, with a postStart hook that holds the others back. */
  | 'hold'
  /** The first container, but the installation's own `lifecycle` has replaced the hook: nothing waits. */
  | 'first'
  /** One container among others: no order. */
  | 'classic'
  /** The gRPC agent alone: no traffic is captured. */
  | 'grpc';

/** What every verdict says: why, and which inputs it rests on, beside what the manifests say. */
interface Verdict<Reason> {
  readonly because: Reason;
  /** `injection` where that input decides whether the pods are in the mesh; else empty. */
  readonly memberBy: readonly InputName[];
}

export type Injection =
  | (Verdict<OtherReason> & { readonly injected: false })
  /** The injector refuses the pod: it is not created. */
  | (Verdict<SidecarReason> & {
      readonly injected: 'error';
      readonly message: string;
      readonly path: Path;
      readonly annotation: string;
      /** The setting of proxy.istio.io/config that is wrong. */
      readonly field?: string;
      /** The inputs that it rests on, `memberBy` included. */
      readonly restsOn: readonly InputName[];
    })
  | (Verdict<SidecarReason> & {
      readonly injected: true;
      readonly mode: SidecarMode;
      /** The inputs that its mode rests on, `memberBy` included. */
      readonly restsOn: readonly InputName[];
      readonly init: 'istio-init' | 'istio-validation' | undefined;
      readonly statusPort: number;
      readonly rewritesProbes: boolean;
      /** A template that Istio's charts do not have: the pod is refused unless the installation has added it. */
      readonly doubtfulTemplate?: string;
    });

/** istio-proxy's user and group; the redirection leaves its traffic alone. */
export const sidecarUid = 1337;

export const nativeAnnotation = 'sidecar.istio.io/nativeSidecar';
export const rewriteAnnotation = 'sidecar.istio.io/rewriteAppHTTPProbers';

/**
 * Whether and how Istio injects a sidecar into the pods of a template.
 * Source: Istio 1.31's injector, and what it made of the manifests in the tests.
 */
export function readInjection(template: PodTemplate, around: Surroundings): Injection {
  const { inputs } = around;
  if (template.spec.hostNetwork === true) return outside('host-network', []);
  const done = byHand(template, inputs);
  if (done !== undefined) return done;
  const { because, byInput } = membershipOf(template, around);
  const memberBy: readonly InputName[] = byInput ? ['injection'] : [];
  if (!isSidecarReason(because)) return outside(because, memberBy);
  const forGateways = templateForGateways(template.annotations);
  if (forGateways === undefined && isGateway(template)) return outside('gateway', memberBy);
  const missing = missingTemplate(template.annotations, around.injector, inputs);
  const refusal =
    findRefusal(template, inputs) ??
    (missing?.by === undefined ? undefined : refusalOf(missing)) ??
    (forGateways === undefined ? undefined : refusalOfTemplate(forGateways));
  if (refusal !== undefined) {
    const path = [...template.path, 'metadata', 'annotations', refusal.annotation];
    const restsOn: readonly InputName[] = [...memberBy, ...(refusal.restsOn ?? [])];
    return { injected: 'error', because, memberBy, ...refusal, path, restsOn };
  }

  const templates = templatesOf(template.annotations);
  const grpc = templates.includes('grpc-agent') || templates.includes('grpc-simple');
  const captures = template.annotations['sidecar.istio.io/interceptionMode'] !== 'NONE' && !grpc;
  const [mode, modeRestsOn] = grpc ? (['grpc', []] as const) : sidecarMode(template.annotations, inputs);
  return {
    injected: true,
    because,
    memberBy,
    mode,
    restsOn: [...memberBy, ...modeRestsOn],
    init: captures ? (inputs.cni ? 'istio-validation' : 'istio-init') : undefined,
    statusPort: Number(template.annotations['status.sidecar.istio.io/port'] ?? 15020),
    rewritesProbes: goBool(template.annotations[rewriteAnnotation]) ?? inputs.probeRewrite,
    ...(missing && { doubtfulTemplate: missing.name }),
  };
}

function refusalOf({
  name,
  known,
  by,
}: MissingTemplate): InjectionRefusal & { readonly restsOn: readonly InputName[] } {
  return {
    annotation: templatesAnnotation,
    message: `the injector has no template "${name}" (${typeof by === 'object' ? by.object : 'it'} has ${known.join(', ')})`,
    restsOn: by === 'input' ? ['injectionTemplates'] : [],
  };
}

function refusalOfTemplate(name: string): InjectionRefusal {
  return {
    annotation: templatesAnnotation,
    message: `the template "${name}" is for Gateways that istiod makes itself, and fails for a pod`,
  };
}

/** A pod that is nothing but a proxy: no app that could come too early. */
function isGateway({ annotations, containers, proxy }: PodTemplate): boolean {
  return (
    templatesOf(annotations).some((name) => /gateway|waypoint/.test(name)) ||
    (proxy !== undefined && containers.length === 0)
  );
}

/** A template with istio-proxy in it, as `istioctl kube-inject` writes it: the webhook leaves it as it is. */
function byHand(
  { annotations, proxy, containers, initContainers }: PodTemplate,
  inputs: Inputs,
): Injection | undefined {
  if (proxy === undefined || annotations['sidecar.istio.io/status'] === undefined) return undefined;
  if (containers.length === 0) return outside('gateway', []);
  const init = initContainers.find(({ name }) => name === 'istio-init' || name === 'istio-validation')?.name;
  return {
    injected: true,
    because: 'by-hand',
    memberBy: [],
    mode: proxy.native ? 'native' : proxy.first && proxy.waits ? 'hold' : proxy.first ? 'first' : 'classic',
    restsOn: [],
    init: init === undefined ? undefined : init === 'istio-init' ? 'istio-init' : 'istio-validation',
    statusPort: 15020,
    rewritesProbes: goBool(annotations[rewriteAnnotation]) ?? inputs.probeRewrite,
  };
}

function outside(because: OtherReason, memberBy: readonly InputName[]): Injection {
  return { injected: false, because, memberBy };
}

function isSidecarReason(because: SidecarReason | OtherReason): because is SidecarReason {
  return membershipReasons[because].place === 'sidecar';
}

function sidecarMode(
  annotations: Readonly<Record<string, string>>,
  inputs: Inputs,
): readonly [SidecarMode, readonly InputName[]] {
  const wish = annotations[nativeAnnotation] ?? '';
  if (wish !== '' && wish !== 'false') return ['native', []];
  const [native, restsOn] = wish === 'false' ? ([false, []] as const) : nativeByDefault(inputs);
  if (native) return ['native', restsOn];
  const { config } = parseProxyConfig(annotations[proxyConfigAnnotation], inputs.istio);
  const own = config?.holdApplicationUntilProxyStarts;
  const hold = own === true || inputs.hold === 'values' || (inputs.hold === 'default-config' && own !== false);
  if (!hold) return ['classic', [...restsOn, ...(own === undefined ? (['hold'] as const) : [])]];
  return [inputs.proxyLifecycle ? 'first' : 'hold', restsOn];
}

function nativeByDefault({ native, istio, kubernetes }: Inputs): readonly [boolean, readonly InputName[]] {
  if (native !== 'auto') return [native === 'true', ['native']];
  if (isOlder(istio, '1.27')) return [false, ['native', 'istio']];
  return [kubernetes !== undefined && !isOlder(kubernetes, '1.33'), ['native', 'kubernetes']];
}

/** Seconds that a classic sidecar serves after SIGTERM: the pod's own setting, else the mesh's. */
export function drainSeconds({ annotations }: PodTemplate, inputs: Inputs): number {
  const own = parseProxyConfig(annotations[proxyConfigAnnotation], inputs.istio).config?.terminationDrainDuration;
  return typeof own === 'string' ? goSeconds(own) : inputs.drainSeconds;
}

/** A duration as Go writes it, `1m5s`; only a known good one comes here. */
function goSeconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
  return [...duration.matchAll(/([\d.]+)(h|ms|m|s|us|ns)/g)].reduce(
    (sum, [, number, unit = 's']) => sum + Number(number) * (units[unit] ?? 0),
    0,
  );
}
