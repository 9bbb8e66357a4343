import type { InjectorConfig } from './injector-config.ts';
import type { Inputs } from './inputs.ts';

export const templatesAnnotation = 'inject.istio.io/templates';

/** The templates of Istio's own charts that are for pods. */
const podTemplates: readonly string[] = ['gateway', 'grpc-agent', 'grpc-simple', 'sidecar'];

/**
 * Those that istiod fills in for the Gateways that it makes itself: for a pod they fail. The newest releases have more of them than
 * the older ones, where the name is that of no template: the pod is refused just the same.
 */
const gatewayTemplates: readonly string[] = ['agentgateway', 'agentgateway-waypoint', 'kube-gateway', 'waypoint'];

/** Templates of Istio's own charts, of all releases together. */
export const chartTemplates: readonly string[] = [...podTemplates, ...gatewayTemplates].toSorted();

/** The templates that a pod asks for, the default one where it asks for none. */
export function templatesOf(annotations: Readonly<Record<string, string>>): readonly string[] {
  return annotations[templatesAnnotation]?.split(',').map((name) => name.trim()) ?? ['sidecar'];
}

/** A template that a pod asks for and that is none for pods: the injector refuses it. */
export function templateForGateways(annotations: Readonly<Record<string, string>>): string | undefined {
  return templatesOf(annotations).find((name) => gatewayTemplates.includes(name));
}

/** A template that the installation does not have, or may not have. */
export interface MissingTemplate {
  readonly name: string;
  /** Those that it has, as far as is known. */
  readonly known: readonly string[];
  /** What tells which it has, an object or the input; undefined: nothing, so that it may have added the template. */
  readonly by: { readonly object: string } | 'input' | undefined;
}

/** The first template that a pod asks for and the injector does not have: it refuses the pod. */
export function missingTemplate(
  annotations: Readonly<Record<string, string>>,
  injector: InjectorConfig,
  { injectionTemplates }: Inputs,
): MissingTemplate | undefined {
  const known = injector.templates?.names ?? [...chartTemplates, ...(injectionTemplates ?? [])];
  const name = templatesOf(annotations).find((asked) => !known.includes(asked));
  if (name === undefined) return undefined;
  if (injector.templates !== undefined) return { name, known, by: { object: injector.templates.by } };
  return { name, known, by: injectionTemplates === undefined ? undefined : 'input' };
}
