import type { KubeObject } from '../read/manifest.ts';
import { dict, texts } from '../read/values.ts';
import { saidByName, saidOfInjection } from './injection-input.ts';
import { type InjectorConfig, takenByOne } from './injector-config.ts';
import { type Inputs, isOlder } from './inputs.ts';
import { type MembershipReason, membershipReasons } from './membership-reasons.ts';
import { isOfOtherMesh } from './other-meshes.ts';
import type { PodTemplate } from './pod.ts';

export const injectLabel = 'sidecar.istio.io/inject';
const injectionLabel = 'istio-injection';
const revisionLabel = 'istio.io/rev';
const modeLabel = 'istio.io/dataplane-mode';

/** pkg/kube/inject, IgnoredNamespaces; the same in every release. */
const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/** What is known of the surroundings of a pod template. */
export interface Surroundings {
  readonly namespace: string;
  /** The Namespace object, where the manifests hold it. */
  readonly object: KubeObject | undefined;
  readonly inputs: Inputs;
  readonly injector: InjectorConfig;
}

export interface Membership {
  readonly because: MembershipReason;
  /** Whether it rests on the input `injection`, given or assumed. */
  readonly byInput: boolean;
}

/**
 * Whether Istio injects a sidecar into the pods of a template, and why.
 *
 * Two judge one after the other. The webhooks select by labels: Istio's charts, istio-discovery/templates,
 * mutatingwebhook.yaml and revision-tags-mwc.yaml, the same from 1.15 to 1.31 (a revision tag counts as a revision). Then
 * the injector decides: pkg/kube/inject/inject.go, injectRequired, which changed in 1.27.
 */
export function membershipOf(template: PodTemplate, around: Surroundings): Membership {
  const { labels, annotations } = template;
  // First in injectRequired, in every release; ztunnel leaves such pods out as well.
  if (template.spec.hostNetwork === true) return sure('host-network');
  if (systemNamespaces.includes(around.namespace)) return sure('system-namespace');
  const selected = selectedByWebhook(labels, around);
  // A guess: where the files ask Istio for a sidecar, the pod gets two.
  if (selected.because === 'assumed' && isOfOtherMesh(template)) return { because: 'other-mesh', byInput: true };
  if (!isSelected(selected.because)) return selected;
  const judged = judgedByInjector(labels[injectLabel] ?? annotations[injectLabel] ?? '', labels, around);
  if (judged === undefined) return selected;
  return { because: judged, byInput: isSelected(judged) && selected.byInput };
}

/** The answer for the pods of a namespace that neither ask nor refuse. */
export function namespaceMembership(around: Surroundings): Membership {
  if (systemNamespaces.includes(around.namespace)) return sure('system-namespace');
  return selectedByWebhook({}, around);
}

function selectedByWebhook(labels: Readonly<Record<string, string>>, around: Surroundings): Membership {
  const { object, inputs } = around;
  // objectSelector of every webhook: NotIn "false"; other values are the injector's to judge.
  if (labels[injectLabel] === 'false') return sure('opted-out');
  const own = texts(dict(object?.data.metadata).labels);
  const injection = inputs.namespaceLabel === 'any' ? own[injectionLabel] : undefined;
  // The webhooks of revisions leave out every namespace with istio-injection, whatever it says.
  if (injection !== undefined) return sure(injection === 'enabled' ? 'namespace-label' : 'namespace-opted-out');
  if (own[revisionLabel] !== undefined) return sure('namespace-label');
  // Nothing of the namespace asks for a sidecar in the files: the pod's own label can, its annotation cannot.
  if (labels[injectLabel] === 'true' || labels[revisionLabel] !== undefined) return sure('pod-label');
  return unlabelled(labels[modeLabel], around);
}

/** Where no label asks for a sidecar or refuses one: ambient, then what was said, then the assumption. */
function unlabelled(podMode: string | undefined, { object, inputs, namespace }: Surroundings): Membership {
  const byName = saidByName(inputs.injection, namespace);
  if (byName === true) return { because: 'input', byInput: true };
  const isAmbient = texts(dict(object?.data.metadata).labels)[modeLabel] === 'ambient';
  const takesPart = podMode === 'ambient' || isAmbient || (object === undefined && inputs.ambient);
  if (takesPart && podMode === 'none') return sure('opted-out');
  if (podMode === 'ambient' || isAmbient) return sure('ambient-label');
  if (namespace === inputs.rootNamespace) return sure('root-namespace');
  if (takesPart) return sure('ambient-input');
  const said = saidOfInjection(inputs.injection, namespace);
  if (said !== undefined) return { because: said ? 'input' : 'input-outside', byInput: true };
  return { because: object === undefined ? 'assumed' : 'namespace-unlabelled', byInput: true };
}

/** Undefined: it injects the pods that the webhook selects. */
function judgedByInjector(
  wish: string,
  labels: Readonly<Record<string, string>>,
  { inputs, injector }: Surroundings,
): MembershipReason | undefined {
  const answer = answerOf(wish, inputs.istio);
  if (answer !== 'default') return answer === 'yes' ? undefined : 'opted-out';
  if (takenByOne(injector.never, labels)) return 'never-inject';
  if (takenByOne(injector.always, labels)) return 'always-inject';
  return injector.policy === 'enabled' ? undefined : 'policy-disabled';
}

/** inject.go, injectRequired: until 1.26 the words of YAML 1.1, any other text meaning no; since 1.27 "true" and "false" alone. */
function answerOf(wish: string, istio: string): 'yes' | 'no' | 'default' {
  if (wish === '') return 'default';
  if (!isOlder(istio, '1.27')) return wish === 'true' ? 'yes' : wish === 'false' ? 'no' : 'default';
  return ['y', 'yes', 'true', 'on'].includes(wish.toLowerCase()) ? 'yes' : 'no';
}

function isSelected(because: MembershipReason): boolean {
  return membershipReasons[because].place === 'sidecar';
}

function sure(because: MembershipReason): Membership {
  return { because, byInput: false };
}
