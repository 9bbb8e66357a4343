import type { KubeObject } from '../read/manifest.ts';
import { int, type Path, texts } from '../read/values.ts';
import { findRefusal, goBool, proxyConfigAnnotation } from './annotation-values.ts';
import { type InputName, type Inputs, isOlder } from './inputs.ts';
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

export type Injection =
  | { readonly injected: false; readonly because: 'label' | 'host-network' | 'namespace' | 'ambient' | 'gateway' }
  /** The injector refuses the pod: it is not created. */
  | { readonly injected: 'error'; readonly message: string; readonly path: Path; readonly annotation: string }
  | {
      readonly injected: true;
      readonly mode: SidecarMode;
      /** Which inputs the verdict rests on, beside what the manifests say. */
      readonly restsOn: readonly InputName[];
      readonly init: 'istio-init' | 'istio-validation' | undefined;
      readonly statusPort: number;
      readonly rewritesProbes: boolean;
    };

const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];
const yesValues: readonly string[] = ['y', 'yes', 'true', 'on'];

/** istio-proxy's user and group; the redirection leaves its traffic alone. */
export const sidecarUid = 1337;

export const injectLabel = 'sidecar.istio.io/inject';
export const nativeAnnotation = 'sidecar.istio.io/nativeSidecar';
export const rewriteAnnotation = 'sidecar.istio.io/rewriteAppHTTPProbers';

/**
 * Whether and how Istio injects a sidecar into the pods of a template. `namespace` is the Namespace object, where the
 * manifests hold it; else the inputs `injection` and `ambient` decide.
 * Source: Istio 1.31's injector, and what it made of the manifests in the tests.
 */
export function readInjection(
  template: PodTemplate,
  namespaceName: string,
  namespace: KubeObject | undefined,
  inputs: Inputs,
): Injection {
  if (template.spec.hostNetwork === true) return { injected: false, because: 'host-network' };
  if (isGateway(template)) return { injected: false, because: 'gateway' };
  const done = byHand(template, inputs);
  if (done !== undefined) return done;
  if (systemNamespaces.includes(namespaceName)) return { injected: false, because: 'namespace' };
  const selected = selectedByWebhook(template, namespace, inputs);
  if (selected !== true) return { injected: false, because: selected };
  const refusal = findRefusal(template);
  if (refusal !== undefined) {
    return { injected: 'error', ...refusal, path: [...template.path, 'metadata', 'annotations', refusal.annotation] };
  }

  const restsOn: InputName[] = namespace === undefined ? ['injection'] : [];
  const templates = template.annotations['inject.istio.io/templates']?.split(',').map((name) => name.trim()) ?? [
    'sidecar',
  ];
  const grpc = templates.includes('grpc-agent') || templates.includes('grpc-simple');
  const captures = template.annotations['sidecar.istio.io/interceptionMode'] !== 'NONE' && !grpc;
  const [mode, modeRestsOn] = grpc ? (['grpc', []] as const) : sidecarMode(template.annotations, inputs);
  return {
    injected: true,
    mode,
    restsOn: [...restsOn, ...modeRestsOn],
    init: captures ? (inputs.cni ? 'istio-validation' : 'istio-init') : undefined,
    statusPort: Number(template.annotations['status.sidecar.istio.io/port'] ?? 15020),
    rewritesProbes: goBool(template.annotations[rewriteAnnotation]) ?? inputs.probeRewrite,
  };
}

/** A pod that is nothing but a proxy: no app that could come too early. */
function isGateway({ annotations, containers, proxy }: PodTemplate): boolean {
  const templates = annotations['inject.istio.io/templates']?.split(',').map((name) => name.trim()) ?? [];
  return templates.some((name) => /gateway|waypoint/.test(name)) || (proxy !== undefined && containers.length === 0);
}

/** A template with istio-proxy in it, as `istioctl kube-inject` writes it: the webhook leaves it as it is. */
function byHand({ annotations, proxy, initContainers }: PodTemplate, inputs: Inputs): Injection | undefined {
  if (proxy === undefined || annotations['sidecar.istio.io/status'] === undefined) return undefined;
  const init = initContainers.find(({ name }) => name === 'istio-init' || name === 'istio-validation')?.name;
  return {
    injected: true,
    mode: proxy.native ? 'native' : proxy.first && proxy.waits ? 'hold' : proxy.first ? 'first' : 'classic',
    restsOn: [],
    init: init === undefined ? undefined : init === 'istio-init' ? 'istio-init' : 'istio-validation',
    statusPort: 15020,
    rewritesProbes: goBool(annotations[rewriteAnnotation]) ?? inputs.probeRewrite,
  };
}

function selectedByWebhook(
  { labels, annotations }: PodTemplate,
  namespace: KubeObject | undefined,
  inputs: Inputs,
): true | 'label' | 'namespace' | 'ambient' {
  const label = labels[injectLabel];
  const wish = (label ?? annotations[injectLabel] ?? '').toLowerCase();
  if (wish !== '' && !yesValues.includes(wish)) return 'label';
  const scope = namespaceScope(namespace, inputs);
  const ambientPod = labels['istio.io/dataplane-mode'] === 'ambient';
  if (scope === 'on') return true;
  if (scope === 'off') return 'namespace';
  // Nothing of the namespace asks for a sidecar: the pod's own label can, its annotation cannot.
  if (label === 'true' || labels['istio.io/rev'] !== undefined) return true;
  return scope === 'ambient' || ambientPod ? 'ambient' : 'namespace';
}

function namespaceScope(namespace: KubeObject | undefined, inputs: Inputs): 'on' | 'off' | 'ambient' | 'unlabelled' {
  if (namespace === undefined) return inputs.ambient ? 'ambient' : inputs.injection ? 'on' : 'unlabelled';
  const labels = texts((namespace.data.metadata as { labels?: unknown } | undefined)?.labels);
  const injection = inputs.namespaceLabel === 'any' ? labels['istio-injection'] : undefined;
  if (injection !== undefined) return injection === 'enabled' ? 'on' : 'off';
  if (labels['istio.io/rev'] !== undefined) return 'on';
  return labels['istio.io/dataplane-mode'] === 'ambient' ? 'ambient' : 'unlabelled';
}

function sidecarMode(
  annotations: Readonly<Record<string, string>>,
  inputs: Inputs,
): readonly [SidecarMode, readonly InputName[]] {
  const wish = annotations[nativeAnnotation] ?? '';
  if (wish !== '' && wish !== 'false') return ['native', []];
  const [native, restsOn] = wish === 'false' ? ([false, []] as const) : nativeByDefault(inputs);
  if (native) return ['native', restsOn];
  const { config } = parseProxyConfig(annotations[proxyConfigAnnotation]);
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
  const own = parseProxyConfig(annotations[proxyConfigAnnotation]).config?.terminationDrainDuration;
  const seconds = typeof own === 'string' ? /^(\d+)s$/.exec(own)?.[1] : undefined;
  return seconds === undefined ? (int(own) ?? inputs.drainSeconds) : Number(seconds);
}
