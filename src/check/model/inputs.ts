import { type InjectionInput, parseInjection } from './injection-input.ts';
import { newestIstio, oldestIstio } from './istio-releases.ts';

/** What manifests cannot say about the cluster and the mesh that they will run in. */
export interface Inputs {
  /** Minor version of Istio, `1.20`. */
  readonly istio: string;
  /** Minor version of the *oldest* kubelet, or undefined: unknown. */
  readonly kubernetes: string | undefined;
  /** istiod's ENABLE_NATIVE_SIDECARS. `auto`: native where every kubelet is 1.33 or newer, and Istio 1.27 or newer. */
  readonly native: 'auto' | 'true' | 'false';
  /** holdApplicationUntilProxyStarts for the whole mesh: in meshConfig.defaultConfig, or in Helm's values.global.proxy. */
  readonly hold: 'false' | 'default-config' | 'values';
  /** istio-cni redirects the traffic, not an init container. */
  readonly cni: boolean;
  /** values.sidecarInjectorWebhook.rewriteAppHTTPProbe. */
  readonly probeRewrite: boolean;
  /** mTLS of the mesh where no PeerAuthentication in the files says otherwise. */
  readonly mtls: 'PERMISSIVE' | 'STRICT' | 'DISABLE';
  /** Namespaces that are not in the files are in ambient mode: no sidecars. */
  readonly ambient: boolean;
  /** Which namespaces get sidecars, where no label in the files says so. */
  readonly injection: InjectionInput;
  /** Which label of a namespace counts: managed meshes know `istio.io/rev` only. */
  readonly namespaceLabel: 'any' | 'revision';
  /** Injection templates that the installation has beside Istio's own; undefined: unknown. */
  readonly injectionTemplates: readonly string[] | undefined;
  /** The cluster is OpenShift: the sidecar's user comes from the namespace, and is not 1337. */
  readonly openshift: boolean;
  /**
   * ISTIO_META_DNS_CAPTURE of the mesh: sidecars answer the apps' DNS. `auto-allocate`: with ISTIO_META_DNS_AUTO_ALLOCATE,
   * which Istio before 1.25 needs to give addresses to ServiceEntries that have none.
   */
  readonly dnsCapture: 'false' | 'true' | 'auto-allocate';
  /** meshConfig.enablePrometheusMerge: the sidecar serves the app's metrics with its own. */
  readonly metricsMerge: boolean;
  /** values.global.proxy.seccompProfile is set. */
  readonly proxySeccomp: boolean;
  /** values.global.proxy.lifecycle is set: it replaces the hold's postStart hook. */
  readonly proxyLifecycle: boolean;
  /** meshConfig.defaultConfig.terminationDrainDuration, in seconds. */
  readonly drainSeconds: number;
  /** Where mesh-wide policies live. */
  readonly rootNamespace: string;
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

export type InputName = keyof Inputs;

export interface InputSpec {
  readonly name: InputName;
  /** Its option on the command line, and its key in mesh-shim.yaml. */
  readonly flag: string;
  readonly values: string;
  readonly summary: string;
  /** An error that rests on this input is only a warning while the input is assumed: real clusters differ too much. */
  readonly varies: boolean;
  /** What to try to see how much would be settled if the input were known, and for whom the value is right. */
  readonly trial?: { readonly value: Inputs[InputName]; readonly condition: string };
  /** The option may be given several times. */
  readonly list?: true;
  readonly parse: (text: string) => Inputs[InputName] | undefined;
}

export const supportedIstio = versions(minorOf(oldestIstio), minorOf(newestIstio));
/** For people. */
export const istioRange = `${oldestIstio} to ${newestIstio}`;
export const supportedKubernetes = versions(25, 37);

export const defaultInputs: Inputs = {
  istio: newestIstio,
  kubernetes: undefined,
  native: 'auto',
  hold: 'false',
  cni: false,
  probeRewrite: true,
  mtls: 'PERMISSIVE',
  ambient: false,
  injection: 'auto',
  namespaceLabel: 'any',
  injectionTemplates: undefined,
  openshift: false,
  dnsCapture: 'false',
  metricsMerge: true,
  proxySeccomp: false,
  proxyLifecycle: false,
  drainSeconds: 5,
  rootNamespace: 'istio-system',
  namespace: 'default',
};

/** Common installations, as far as they differ from Istio's own defaults. */
export const inputProfiles: Readonly<Record<string, Partial<Inputs>>> = {
  'istio-default': {},
  'istio-minimal': {},
  openshift: { cni: true, openshift: true },
  'gke-asm': { cni: true },
  aks: { rootNamespace: 'aks-istio-system', namespaceLabel: 'revision' },
};

/** The one table of inputs: options, configuration keys, help and documentation are made from it. */
export const inputTable: readonly InputSpec[] = [
  spec('istio', istioRange, 'Istio version', version(supportedIstio)),
  spec('kubernetes', '1.25 to 1.37', 'version of the oldest kubelet', version(supportedKubernetes), {
    trial: { value: '1.34', condition: 'that is your oldest kubelet' },
  }),
  spec('native', 'auto, true, false', "istiod's ENABLE_NATIVE_SIDECARS", oneOf('auto', 'true', 'false')),
  spec(
    'hold',
    'false, default-config, values',
    'holdApplicationUntilProxyStarts for the mesh, and where it is set',
    oneOf('false', 'default-config', 'values'),
  ),
  spec('cni', 'true, false', 'istio-cni is installed', bool, {
    trial: { value: true, condition: 'istio-cni is installed' },
  }),
  spec('probeRewrite', 'true, false', 'the injector rewrites HTTP, gRPC and TCP probes', bool),
  spec(
    'mtls',
    'PERMISSIVE, STRICT, DISABLE',
    'mTLS where no PeerAuthentication says otherwise',
    oneOf('PERMISSIVE', 'STRICT', 'DISABLE'),
  ),
  spec('ambient', 'true, false', 'namespaces outside the files are ambient', bool),
  spec(
    'injection',
    'auto, true, false, NAMESPACE=true, NAMESPACE=false',
    'which namespaces without an injection label in the files get sidecars; auto: those that are not in the files',
    parseInjection,
    { list: true, trial: { value: true, condition: 'all those namespaces get sidecars' } },
  ),
  spec('namespaceLabel', 'any, revision', 'the namespace label that the injector looks at', oneOf('any', 'revision')),
  spec('injectionTemplates', 'names', "injection templates beside Istio's own, or none", names, { list: true }),
  spec('openshift', 'true, false', "OpenShift gives the sidecar a user of the namespace's range", bool),
  spec(
    'dnsCapture',
    'false, true, auto-allocate',
    "sidecars answer the apps' DNS, for the whole mesh",
    oneOf('false', 'true', 'auto-allocate'),
  ),
  spec('metricsMerge', 'true, false', "the sidecar serves the app's metrics with its own", bool),
  spec('proxySeccomp', 'true, false', 'values.global.proxy.seccompProfile is set', bool),
  spec('proxyLifecycle', 'true, false', 'values.global.proxy.lifecycle is set', bool),
  spec('drainSeconds', 'a number of seconds', "the mesh's terminationDrainDuration", seconds),
  spec('rootNamespace', 'a Kubernetes name', 'the namespace of mesh-wide policies', word),
  spec('namespace', 'a Kubernetes name', 'namespace of objects that name none', word),
];

/** What a value was read as, where that is not what it says: a version newer than the known ones. */
export function noteOf({ summary }: InputSpec, text: string, value: Inputs[InputName]): string | undefined {
  const minor = minorIn(text);
  if (typeof value !== 'string' || minor === undefined || minor <= minorOf(value)) return undefined;
  return `${summary} ${text} is newer than this mesh-shim knows; taken as ${value}, the newest that it knows`;
}

export function isOlder(version: string, than: string): boolean {
  return minorOf(version) < minorOf(than);
}

/** `1.20` is 20. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function spec(
  name: InputName,
  values: string,
  summary: string,
  parse: InputSpec['parse'],
  more: Pick<InputSpec, 'trial' | 'list'> = {},
): InputSpec {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { name, flag, values, summary, varies: more.trial !== undefined, ...more, parse };
}

function versions(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `1.${first + index}`);
}

/** `1.20`, `v1.20.2`; a newer one is the newest that is known: to refuse it would stop every check a few months from now. */
function version(known: readonly string[]): InputSpec['parse'] {
  const newest = known.at(-1);
  return (text) => {
    const minor = minorIn(text);
    if (minor === undefined || newest === undefined) return undefined;
    const ahead = minor - minorOf(newest);
    // A new one comes every few months; what is far ahead is a slip of the pen.
    if (ahead > 0 && ahead <= 20) return newest;
    return known.find((candidate) => minorOf(candidate) === minor);
  };
}

function minorIn(text: string): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function oneOf<Value extends string>(...values: readonly Value[]): (text: string) => Value | undefined {
  return (text) => values.find((value) => value === text);
}

function bool(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function seconds(text: string): number | undefined {
  return /^\d{1,5}s?$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

function names(text: string): readonly string[] | undefined {
  const found = text === 'none' ? [] : text.split(',').map((name) => name.trim());
  return found.every((name) => /^[\w.-]+$/.test(name)) ? found : undefined;
}

function word(text: string): string | undefined {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? text : undefined;
}
