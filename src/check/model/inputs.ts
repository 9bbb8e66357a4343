/** What manifests cannot say about the cluster and the mesh that they will run in. */
export interface Inputs {
  /** Minor version of Istio, `1.31`. */
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
  /** Whether pods of namespaces that are not in the files get a sidecar. */
  readonly injection: boolean;
  /** Which label of a namespace counts: managed meshes know `istio.io/rev` only. */
  readonly namespaceLabel: 'any' | 'revision';
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
  readonly parse: (text: string) => Inputs[InputName] | undefined;
}

export const supportedIstio = versions(15, 31);
export const supportedKubernetes = versions(25, 37);

export const defaultInputs: Inputs = {
  istio: '1.31',
  kubernetes: undefined,
  native: 'auto',
  hold: 'false',
  cni: false,
  probeRewrite: true,
  mtls: 'PERMISSIVE',
  ambient: false,
  injection: true,
  namespaceLabel: 'any',
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
  openshift: { cni: true },
  'gke-asm': { cni: true },
  aks: { rootNamespace: 'aks-istio-system', namespaceLabel: 'revision' },
};

/** The one table of inputs: options, configuration keys, help and documentation are made from it. */
export const inputTable: readonly InputSpec[] = [
  spec('istio', 'istio', '1.15 to 1.31', 'Istio version', false, version(supportedIstio)),
  spec('kubernetes', 'kubernetes', '1.25 to 1.37', 'version of the oldest kubelet', true, version(supportedKubernetes)),
  spec(
    'native',
    'native',
    'auto, true, false',
    "istiod's ENABLE_NATIVE_SIDECARS",
    false,
    oneOf('auto', 'true', 'false'),
  ),
  spec(
    'hold',
    'hold',
    'false, default-config, values',
    'holdApplicationUntilProxyStarts for the mesh, and where it is set',
    false,
    oneOf('false', 'default-config', 'values'),
  ),
  spec('cni', 'cni', 'true, false', 'istio-cni is installed', true, bool),
  spec('probeRewrite', 'probe-rewrite', 'true, false', 'the injector rewrites HTTP, gRPC and TCP probes', false, bool),
  spec(
    'mtls',
    'mtls',
    'PERMISSIVE, STRICT, DISABLE',
    'mTLS where no PeerAuthentication says otherwise',
    false,
    oneOf('PERMISSIVE', 'STRICT', 'DISABLE'),
  ),
  spec('ambient', 'ambient', 'true, false', 'namespaces outside the files are ambient', false, bool),
  spec('injection', 'injection', 'true, false', 'pods of namespaces outside the files get a sidecar', false, bool),
  spec(
    'namespaceLabel',
    'namespace-label',
    'any, revision',
    'the namespace label that the injector looks at',
    false,
    oneOf('any', 'revision'),
  ),
  spec('proxySeccomp', 'proxy-seccomp', 'true, false', 'values.global.proxy.seccompProfile is set', false, bool),
  spec('proxyLifecycle', 'proxy-lifecycle', 'true, false', 'values.global.proxy.lifecycle is set', false, bool),
  spec('drainSeconds', 'drain-seconds', 'seconds', "the mesh's terminationDrainDuration", false, seconds),
  spec('rootNamespace', 'root-namespace', 'name', 'the namespace of mesh-wide policies', false, word),
  spec('namespace', 'namespace', 'name', 'namespace of objects that name none', false, word),
];

export function isOlder(version: string, than: string): boolean {
  return minorOf(version) < minorOf(than);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function spec(
  name: InputName,
  flag: string,
  values: string,
  summary: string,
  varies: boolean,
  parse: InputSpec['parse'],
): InputSpec {
  return { name, flag, values, summary, varies, parse };
}

function versions(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `1.${first + index}`);
}

function version(known: readonly string[]): InputSpec['parse'] {
  return (text) => {
    const minor = /^v?(1\.\d{1,3})(?:[.+-].*)?$/.exec(text)?.[1];
    const newest = known.at(-1);
    if (minor === undefined || newest === undefined) return undefined;
    const ahead = minorOf(minor) - minorOf(newest);
    // A new one comes every few months; what is far ahead is a slip of the pen.
    return ahead > 0 && ahead <= 20 ? newest : known.find((one) => one === minor);
  };
}

/** What to say of a version that is newer than all that are known, and is taken for the newest of them. */
export function newerThanKnown(
  summary: string,
  text: string,
  taken: Inputs[InputName] | undefined,
): string | undefined {
  const isVersion = typeof taken === 'string' && /^v?1\.\d/.test(text);
  if (!isVersion || [taken, `v${taken}`].some((one) => text === one || text.startsWith(`${one}.`))) return undefined;
  return `${summary} ${text} is newer than what is known here: checked as ${taken}`;
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

function word(text: string): string | undefined {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? text : undefined;
}
