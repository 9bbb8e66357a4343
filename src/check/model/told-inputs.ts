import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, isDict, list, text, texts, valueAt } from '../read/values.ts';
import { dnsCaptureIn } from './dns-variables.ts';
import { defaultInputs, type InputName, type Inputs, inputTable, isOlder } from './inputs.ts';
import { containersOf, injectorConfigMap, istiodOf, settings } from './installation.ts';
import { isOfKind } from './own-kinds.ts';

/** Inputs that the objects of a cluster tell, each with the object that does. */
export type ToldInputs = ReadonlyMap<InputName, { readonly value: Inputs[InputName]; readonly by: string }>;

/**
 * Reads what an installation says of itself: istiod's Deployment, its ConfigMaps `istio` and `istio-sidecar-injector`, the
 * DaemonSet of istio-cni, the kubelets of the Nodes, and kinds that OpenShift alone has. What is left out there has its default.
 * `givenRoot`: the root namespace that the caller gave. Sources: the Helm charts istiod and cni of Istio 1.31; values that moved (istio_cni) in 1.15 to 1.21.
 */
export function toldInputs(objects: readonly KubeObject[], givenRoot?: string): ToldInputs {
  const told = new Map<InputName, { value: Inputs[InputName]; by: string }>();
  const tell = (name: InputName, written: unknown, by: KubeObject): void => {
    if (written === undefined || written === null) return;
    const value = inputTable.find((input) => input.name === name)?.parse(String(written));
    if (value !== undefined) told.set(name, { value, by: `${by.kind} ${by.name}` });
  };
  readNodes(objects, tell);
  const istiod = istiodOf(objects);
  if (istiod !== undefined) readIstiod(istiod, tell);
  for (const object of objects) {
    if (!isOfKind(object, 'ConfigMap') || object.name !== 'istio') continue;
    const { mesh } = texts(object.data.data);
    if (mesh !== undefined) readMesh(object, settings(mesh), tell);
  }
  const root = givenRoot ?? told.get('rootNamespace')?.value ?? defaultInputs.rootNamespace;
  const injector = injectorConfigMap(objects, String(root));
  if (injector !== undefined) readInjector(injector, settings(texts(injector.data.data).values), tell);
  const cni = objects.find((object) => isOfKind(object, 'DaemonSet') && object.name === 'istio-cni-node');
  if (cni !== undefined) tell('cni', true, cni);
  const openshift = objects.find(({ group }) => openshiftGroups.includes(group));
  if (openshift !== undefined) tell('openshift', true, openshift);
  return told;
}

/** Groups that an OpenShift cluster alone serves, and that its users write. */
const openshiftGroups: readonly string[] = ['route.openshift.io', 'security.openshift.io', 'config.openshift.io'];

type Tell = (name: InputName, written: unknown, by: KubeObject) => void;

/** The oldest kubelet decides. */
function readNodes(objects: readonly KubeObject[], tell: Tell): void {
  const versions = objects
    .filter((object) => isOfKind(object, 'Node'))
    .flatMap((node) => {
      const version = /^v?(1\.\d+)\./.exec(
        text(valueAt(node.data, ['status', 'nodeInfo', 'kubeletVersion'])) ?? '',
      )?.[1];
      return version === undefined ? [] : [{ node, version }];
    });
  const [first, ...others] = versions;
  if (first === undefined) return;
  const oldest = others.reduce((a, b) => (isOlder(b.version, a.version) ? b : a), first);
  tell('kubernetes', oldest.version, oldest.node);
}

function readIstiod(istiod: KubeObject, tell: Tell): void {
  const discovery = containersOf(istiod).find(({ name }) => name === 'discovery');
  tell('rootNamespace', istiod.namespace, istiod);
  tell('istio', /:v?(1\.\d+)\.\d/.exec(text(discovery?.image) ?? '')?.[1], istiod);
  const env = list(discovery?.env).map(dict);
  tell('native', env.find(({ name }) => name === 'ENABLE_NATIVE_SIDECARS')?.value ?? 'auto', istiod);
}

function readMesh(object: KubeObject, mesh: Dict, tell: Tell): void {
  tell('rootNamespace', mesh.rootNamespace, object);
  const proxy = dict(mesh.defaultConfig);
  tell('hold', proxy.holdApplicationUntilProxyStarts === true ? 'default-config' : undefined, object);
  tell('drainSeconds', proxy.terminationDrainDuration, object);
  tell('dnsCapture', dnsCaptureIn(texts(dict(proxy.proxyMetadata))), object);
  tell('metricsMerge', mesh.enablePrometheusMerge, object);
}

function readInjector(object: KubeObject, values: Dict, tell: Tell): void {
  const proxy = dict(dict(values.global).proxy);
  tell('probeRewrite', dict(values.sidecarInjectorWebhook).rewriteAppHTTPProbe, object);
  tell('cni', dict(dict(values.pilot).cni).enabled ?? dict(values.istio_cni).enabled, object);
  tell('hold', proxy.holdApplicationUntilProxyStarts === true ? 'values' : undefined, object);
  tell('proxySeccomp', isSet(proxy.seccompProfile), object);
  tell('proxyLifecycle', isSet(proxy.lifecycle), object);
}

function isSet(value: unknown): true | undefined {
  return isDict(value) && Object.keys(value).length > 0 ? true : undefined;
}
